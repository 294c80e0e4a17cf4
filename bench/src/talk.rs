//! What people say to each other, made up: Chinese, English, Japanese and Korean, with links and numbers.

use fastrand::Rng;

/// Common words of each language; the earlier ones are said more often.
const CHINESE: &str = "的 我 你 了 是 在 不 我们 这个 有 就 也 都 说 好 今天 明天 一下 可以 没有 什么 时候 现在 看看 知道 觉得 \
    问题 会议 项目 文件 代码 测试 服务器 上线 数据 客户 周末 晚上 早上 吃饭 火锅 电影 天气 下雨 地铁 公司 回家 孩子 学校 \
    老师 作业 考试 谢谢 不客气 麻烦 收到 马上 稍等 辛苦 加油 北京 广州 深圳 杭州 成都 机票 酒店 快递 价格 合同 发票 \
    设计 需求 版本 更新 修复 消息 搜索 历史 频道 群 照片 视频 文档 链接 周报 计划 开始 结束 完成 进度 安排 电话 邮件 \
    身体 医院 医生 休息 运动 跑步 爬山 游泳 音乐 书 故事 新闻 经济 市场 股票 房子 装修 厨房 咖啡 茶 水果 西瓜 生日 礼物";
const ENGLISH: &str = "the I you is to a it and we in that of for on this can be have not will do with at are just so \
    what but about if up all there when from out like get know think time meeting today tomorrow project server deploy \
    release code test build branch merge review fix bug issue search message channel history people please thanks sure \
    maybe later now good great nice weekend lunch coffee train flight hotel price customer invoice contract design \
    version update document link photo video music weather rain home school doctor garden kitchen birthday present \
    running mountain river winter summer morning evening table window letter number question answer problem because";
const JAPANESE: &str = "です ます は の を に が と これ それ 今日 明日 会議 資料 確認 お願いします ありがとう 了解 東京 大阪 電車 \
    カフェ ラーメン 週末 映画 音楽 仕事 時間 メッセージ サーバー テスト リリース 天気 雨 写真 子供 学校 先生 本 旅行";
const KOREAN: &str = "네 저 오늘 내일 회의 자료 확인 감사합니다 안녕하세요 서울 부산 지하철 커피 점심 저녁 주말 영화 음악 날씨 비 \
    사진 아이 학교 선생님 책 여행 프로젝트 서버 테스트 배포 메시지 검색 문서 링크 시간 문제 괜찮아요 좋아요 알겠습니다";
const CHINESE_ENDS: [&str; 6] = ["。", "！", "？", "，好吗？", " 👍", "哈哈"];

/// The words of all languages, ready to be drawn from.
pub(crate) struct Talk {
    languages: [Vec<&'static str>; 4],
}

impl Talk {
    /// With all the words there are.
    pub(crate) fn new() -> Self {
        let words = |list: &'static str| list.split_whitespace().collect();
        Self { languages: [words(CHINESE), words(ENGLISH), words(JAPANESE), words(KOREAN)] }
    }

    /// Something that somebody says.
    pub(crate) fn say(&self, dice: &mut Rng) -> String {
        let mut said = match dice.u8(..20) {
            0..=10 => self.sentence(0, "", dice) + CHINESE_ENDS[dice.usize(..CHINESE_ENDS.len())],
            11..=15 => self.sentence(1, " ", dice),
            16..=17 => self.sentence(2, "", dice),
            18 => self.sentence(3, " ", dice),
            _ => {
                self.sentence(0, "", dice)
                    + " "
                    + &self.sentence(1, " ", dice)
                    + " "
                    + &self.sentence(0, "", dice)
            }
        };
        let more = match dice.u8(..50) {
            0 => format!(" https://example.com/{}/{}", dice.u32(..100_000), self.word(1, dice)),
            1 => format!(" #{}", dice.u32(..1_000_000)),
            2 => format!(" {:08x}", dice.u32(..)),
            _ => String::new(),
        };
        said += &more;
        said
    }

    fn sentence(&self, language: usize, between: &str, dice: &mut Rng) -> String {
        let words: Vec<&str> = (0..dice.usize(2..14)).map(|_| self.word(language, dice)).collect();
        words.join(between)
    }

    /// As in real texts the word of rank n is said about 1/n as often as the first.
    fn word(&self, language: usize, dice: &mut Rng) -> &'static str {
        let words = &self.languages[language];
        let most = u32::try_from(words.len()).unwrap_or(u32::MAX);
        let rank = f64::from(most).powf(dice.f64());
        // From 1 to the number of words.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
        words[(rank as usize).min(words.len()) - 1]
    }
}
