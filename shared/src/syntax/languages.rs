//! What is peculiar to each language.

/// What the lexer asks of a language.
pub(super) struct Language {
    /// What people write behind the fence.
    names: &'static [&'static str],
    /// Where comments begin and end.
    pub(super) comments: &'static [(&'static str, &'static str)],
    /// Signs around text on one line.
    pub(super) quotes: &'static str,
    /// Signs around text on several lines.
    pub(super) long_quotes: &'static [&'static str],
    /// Whether `'` holds a single character.
    pub(super) is_char_single: bool,
    /// Whether words behind `<` are the language's own, and text is quoted only behind `=`.
    pub(super) is_tagged: bool,
    /// Whether its words may be written large.
    is_loud: bool,
    /// The sign behind the name of a value.
    pub(super) keyed: Option<char>,
    words: &'static str,
}

impl Language {
    /// Whether a word is the language's own.
    pub(super) fn has(&self, word: &str) -> bool {
        let is_it = |own: &str| if self.is_loud { own.eq_ignore_ascii_case(word) } else { own == word };
        self.words.split(' ').any(is_it)
    }
}

/// The language of a name.
pub(super) fn language(name: &str) -> Option<&'static Language> {
    let is_it = |language: &&Language| language.names.iter().any(|known| known.eq_ignore_ascii_case(name));
    LANGUAGES.iter().find(is_it)
}

const C_LIKE: &[(&str, &str)] = &[("//", "\n"), ("/*", "*/")];
const HASH: &[(&str, &str)] = &[("#", "\n")];

const PLAIN: Language = Language {
    names: &[],
    comments: C_LIKE,
    quotes: "\"'",
    long_quotes: &[],
    is_char_single: true,
    is_tagged: false,
    is_loud: false,
    keyed: None,
    words: "",
};

static LANGUAGES: [Language; 13] = [
    Language {
        names: &["rust", "rs"],
        words: "as async await box break const continue crate dyn else enum extern false fn for if impl in let loop match \
                mod move mut pub ref return self Self static struct super trait true type union unsafe use where while \
                bool char f32 f64 i8 i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 usize String Vec Option Some None \
                Result Ok Err Box",
        ..PLAIN
    },
    Language {
        names: &["js", "javascript", "mjs", "jsx", "ts", "typescript", "tsx"],
        long_quotes: &["`"],
        is_char_single: false,
        words: "abstract any as async await boolean break case catch class const constructor continue debugger declare \
                default delete do else enum export extends false finally for from function get if implements import in \
                instanceof interface keyof let namespace never new null number of private protected public readonly \
                return set static string super switch this throw true try type typeof undefined unknown var void while \
                with yield",
        ..PLAIN
    },
    Language {
        names: &["python", "py"],
        comments: HASH,
        long_quotes: &["\"\"\"", "'''"],
        is_char_single: false,
        words: "and as assert async await break case class continue def del elif else except False finally for from global \
                if import in is lambda match None nonlocal not or pass raise return self True try while with yield",
        ..PLAIN
    },
    Language {
        names: &["go", "golang"],
        long_quotes: &["`"],
        words: "any bool break byte case chan const continue default defer else error fallthrough false float32 float64 for \
                func go goto if import int int32 int64 interface iota map nil package range return rune select string \
                struct switch true type uint uint8 uint64 var",
        ..PLAIN
    },
    Language {
        names: &["java", "kotlin", "kt", "cs", "csharp", "c#", "swift", "scala", "php"],
        long_quotes: &["\"\"\""],
        words: "abstract assert async await boolean break byte case catch char class const continue data default do double \
                else enum extends extension false final finally float for foreach fun func function guard if implements \
                import in instanceof int interface internal is let long namespace native new nil null object override \
                package private protected public record return sealed self short static struct super switch \
                synchronized this throw throws transient true try typealias using val var void volatile when while",
        ..PLAIN
    },
    Language {
        names: &["c", "h", "cpp", "c++", "cc", "hpp", "cxx"],
        words: "alignas auto bool break case catch char class const constexpr continue default define delete do double else \
                endif enum explicit extern false float for friend goto if ifdef ifndef include inline int long mutable \
                namespace new noexcept nullptr operator override private protected public register return short signed \
                sizeof static struct switch template this throw true try typedef typename union unsigned using virtual \
                void volatile while",
        ..PLAIN
    },
    Language {
        names: &["sh", "bash", "shell", "zsh", "console", "dockerfile", "makefile"],
        comments: HASH,
        is_char_single: false,
        words: "alias break case cd continue do done echo elif else esac eval exec exit export fi for function if in local \
                read return set shift source sudo then trap unset until while ADD CMD COPY ENTRYPOINT ENV EXPOSE FROM RUN \
                USER VOLUME WORKDIR",
        ..PLAIN
    },
    Language {
        names: &["sql", "mysql", "postgres", "postgresql", "sqlite"],
        comments: &[("--", "\n"), ("/*", "*/")],
        is_char_single: false,
        is_loud: true,
        words: "add all alter and as asc begin between bigint blob boolean by case cast char check column commit conflict \
                constraint create cross date default delete desc distinct drop else end exists explain foreign from full \
                group having if in index inner insert int integer into is join key left like limit not null numeric offset \
                on or order outer over partition primary real references replace returning right rollback select set \
                table text then timestamp transaction trigger union unique update using values varchar view when where \
                with",
        ..PLAIN
    },
    Language { names: &["json", "jsonc", "json5"], words: "true false null", is_char_single: false, ..PLAIN },
    Language {
        names: &["html", "xml", "svg", "vue"],
        comments: &[("<!--", "-->")],
        is_char_single: false,
        is_tagged: true,
        keyed: Some('='),
        ..PLAIN
    },
    Language {
        names: &["css", "scss", "less"],
        is_char_single: false,
        keyed: Some(':'),
        words: "important auto none inherit initial unset media supports layer import keyframes",
        ..PLAIN
    },
    Language {
        names: &["yaml", "yml"],
        comments: HASH,
        is_char_single: false,
        keyed: Some(':'),
        words: "true false null yes no on off",
        ..PLAIN
    },
    Language {
        names: &["toml", "ini", "conf", "properties"],
        comments: HASH,
        long_quotes: &["\"\"\"", "'''"],
        is_char_single: false,
        keyed: Some('='),
        words: "true false",
        ..PLAIN
    },
];
