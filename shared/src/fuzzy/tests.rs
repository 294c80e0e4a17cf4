//! Names and what people type to find them.

use super::*;

fn sound_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "张三" => "zhang san",
        "张三丰" => "zhang san feng",
        "重庆同乡会" => "chong|zhong qing tong xiang hui|kuai",
        "展示材料" => "zhan shi cai liao",
        "张 Sān 王" => "zhang wang",
        "产品小组 Product" => "chan pin xiao zu",
        "西安" => "xi an",
        "吕丽" => "lv|lu li",
        _ => return None,
    })
}

fn fit_of(query: &str, name: &str) -> Option<Fit> {
    let units = units(name, sound_of(name).unwrap_or_default());
    fit(&letters(query).collect::<Vec<_>>(), &units).map(|(fit, _)| fit)
}

#[test]
fn each_way_of_typing_a_name_finds_it() {
    let cases = [
        ("张", "张三", Fit::Prefix),
        ("张三", "张三", Fit::Prefix),
        ("三", "张三", Fit::Word),
        ("zs", "张三", Fit::Initials),
        ("z", "张三", Fit::Initials),
        ("ｚｓ", "张三", Fit::Initials),
        ("ZhangSan", "张三", Fit::Spelled),
        ("zhang san", "张三", Fit::Spelled),
        ("zhangs", "张三", Fit::Spelled),
        ("zhs", "张三", Fit::Spelled),
        ("zsan", "张三", Fit::Spelled),
        ("张san", "张三", Fit::Spelled),
        ("zhang三", "张三", Fit::Spelled),
        ("san", "张三", Fit::Spelled),
        ("sf", "张三丰", Fit::Initials),
        ("zf", "张三丰", Fit::Scattered),
        ("zhongqing", "重庆同乡会", Fit::Spelled),
        ("chongqing", "重庆同乡会", Fit::Spelled),
        ("cqtxh", "重庆同乡会", Fit::Initials),
        ("xian", "西安", Fit::Spelled),
        ("xi'an", "西安", Fit::Spelled),
        ("lvli", "吕丽", Fit::Spelled),
        ("luli", "吕丽", Fit::Spelled),
        ("zsw", "张 Sān 王", Fit::Initials),
        ("zhangsanwang", "张 Sān 王", Fit::Spelled),
        ("xzp", "产品小组 Product", Fit::Initials),
        ("pro", "产品小组 Product", Fit::Word),
        ("maya", "Maya Okafor", Fit::Prefix),
        ("oka", "Maya Okafor", Fit::Word),
        ("mo", "Maya Okafor", Fit::Initials),
        ("maok", "Maya Okafor", Fit::Spelled),
        ("afor", "Maya Okafor", Fit::Inside),
        ("jose", "José Núñez", Fit::Prefix),
        ("NUNEZ", "José Núñez", Fit::Word),
        ("nguyen", "Nguyễn", Fit::Prefix),
        ("wb", "will_b", Fit::Initials),
        ("mkr", "Maya Okafor", Fit::Scattered),
    ];
    for (query, name, expected) in cases {
        assert_eq!(fit_of(query, name), Some(expected), "{query} for {name}");
    }
}

#[test]
fn what_is_something_else_is_not_found() {
    for (query, name) in
        [("zx", "张三"), ("zhangx", "张三"), ("sz", "张三"), ("李", "张三"), ("mayax", "Maya")]
    {
        assert_eq!(rank(query, name, sound_of(name)), None, "{query} for {name}");
    }
}

#[test]
fn the_closer_fit_comes_first() {
    let orders: [(&str, &[&str]); 4] = [
        ("zs", &["ZS Trading", "A zs club", "张三", "展示材料", "lazs"]),
        ("zhang", &["Zhang Wei", "Yu Zhang", "张三", "张三丰", "xzhang"]),
        ("张", &["张三", "张三丰", "小张"]),
        ("an", &["An", "Anna", "Jo An", "西安", "Diana"]),
    ];
    for (query, names) in orders {
        let scores: Vec<Score> =
            names.iter().map(|name| rank(query, name, sound_of(name)).unwrap()).collect();
        assert!(scores.is_sorted_by(|a, b| a > b), "{query}: {names:?} have {scores:?}");
    }
}

#[test]
fn nothing_typed_fits_everything_alike() {
    assert_eq!(rank(" ", "张三", None), rank("", "Maya Okafor", None));
}

#[test]
fn only_what_stands_together_is_close() {
    assert!(rank("zhangs", "张三", Some("zhang san")).unwrap().is_close());
    assert!(!rank("mkr", "Maya Okafor", None).unwrap().is_close());
}

#[test]
fn a_hostile_name_and_query_take_no_time_and_do_no_harm() {
    let name = "啊".repeat(80);
    let sound = vec!["a|aa|aaa|aaaaaa"; 80].join(" ");
    assert!(rank(&"a".repeat(4_000), &name, Some(&sound)).is_some());
    assert_eq!(rank(&format!("{}b", "a".repeat(40)), &name, Some(&sound)), None);
    assert!(rank("a", "啊啊啊", Some("- |")).is_none());
}
