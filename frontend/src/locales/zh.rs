//! 简体中文。

use shared::code::Code;
use shared::model::Kind;

use super::{Composer, Details, Gate, General, Keys, Link, List, New, Room, Settings, Words};

pub(super) static WORDS: Words = Words {
    general: General {
        magpie: "喜鹊",
        back: "返回",
        close: "关闭",
        you: "你",
        you_object: "你",
        notes: "我的备忘",
        someone: "某人",
        and,
        title: |unread, title| match (unread, title) {
            (0, "") => "喜鹊".to_owned(),
            (0, title) => format!("{title} · 喜鹊"),
            (unread, "") => format!("({unread}) 喜鹊"),
            (unread, title) => format!("({unread}) {title} · 喜鹊"),
        },
    },
    gate: Gate {
        slogan: "不丢一句，\n不欺一字。",
        sign_in_to: "登录喜鹊",
        sign_up_to: "创建账号",
        server: |host| format!("服务器：{host}"),
        name: "用户名",
        name_help: "用来登录，可用文字、数字和 . - _",
        name_characters: "不能有空格，只能用文字、数字和 . - _",
        display: "昵称",
        display_help: "别人看到的名字，不填就用用户名。",
        password: "密码",
        password_help: "至少 8 个字符。",
        password_short: "密码至少 8 个字符。",
        show_password: "显示密码",
        sign_in: "登录",
        sign_up: "创建账号",
        waiting: "请稍候…",
        new_here: "第一次来？",
        create: "创建账号",
        been_here: "已有账号？",
        first_account: "这是本服务器的第一个账号，创建后你就是管理者。",
        closed: "本服务器暂不开放注册，请联系管理者。",
        invitation: "邀请码",
        invitation_help: "本服务器凭邀请注册，邀请码请向管理者索取。",
        language: "语言",
        version: |version| format!("喜鹊 {version}"),
    },
    list: List {
        conversations: "会话",
        new: "发起会话",
        filter: "查找会话",
        nothing_found: |query| format!("没有找到“{query}”。"),
        draft: "草稿：",
        said: |who| format!("{who}："),
        nothing_yet: "还没有消息",
        unread: |count| format!("{count} 条未读"),
        settings: "设置",
    },
    link: Link {
        connecting: "正在连接…",
        offline: "已离线，联网后自动发出。",
        try_now: "现在重试",
        outdated: "服务器上有新版喜鹊。",
        reload: "刷新",
        no_storage: "浏览器不允许本地存储：消息发出之前请不要关闭此页。",
    },
    room: Room {
        pick: "选一个会话开始",
        pick_help: "从列表里选一个，或发起新会话。",
        gone: "看不到这个会话",
        gone_help: "它可能不存在，或者你不在其中。请从列表里另选一个。",
        gone_back: "返回会话列表",
        members: |count| format!("{count} 名成员"),
        direct: "私聊",
        only_you: "仅自己可见",
        details: "详情",
        timeline: "消息",
        loading: "正在加载消息",
        today: "今天",
        yesterday: "昨天",
        new_since: |time| format!("{time} 起的新消息"),
        newest: |count| {
            if count == 0 {
                "跳到最新".to_owned()
            } else {
                format!("{count} 条新消息，跳到最新")
            }
        },
        beginning: |kind, date| format!("{}创建于 {date}", noun(kind)),
        empty: "还没有消息",
        empty_help: |kind, title| match kind {
            Kind::Direct => format!("和 {title} 打个招呼吧。"),
            Kind::Group | Kind::Channel | Kind::Unknown => "发第一条消息吧。".to_owned(),
        },
        made: |kind, who| format!("{who}创建了{}", noun(kind)),
        made_with: |kind, who, people| format!("{who}创建了{}，成员有{people}", noun(kind)),
        joined: |who| format!("{who}加入了"),
        you_joined: "你加入了",
        announced: |who, text| format!("{who}：{text}"),
        waiting: "等待发送",
        sent: "已发送",
        failed: "未发送",
        not_sent: |why| format!("未发送。{why}"),
        may_not_write: "你不能在这里发言。",
        retry: "重试",
        edit: "修改",
        discard: "丢弃",
        composer_busy: "请先发送或清空正在写的内容。",
    },
    composer: Composer {
        message_to: |kind, title| match kind {
            Kind::Direct => format!("发消息给 {title}"),
            Kind::Group | Kind::Channel | Kind::Unknown => format!("发消息到 {title}"),
        },
        send: "发送",
        count: |chars, limit| format!("{chars}/{limit}"),
        too_long: |over| format!("超出 {over} 字，请删减或分几条发送。"),
        full: "待发的消息太多，请等一部分发出后再发这条。",
    },
    details: Details {
        since: |kind, date| match kind {
            Kind::Direct => format!("私聊，始于 {date}"),
            Kind::Group => format!("群组，创建于 {date}"),
            Kind::Channel => format!("频道，创建于 {date}"),
            Kind::Unknown => format!("创建于 {date}"),
        },
        members: "成员",
        owner: "服务器管理者",
        more: "还有更多成员未列出。",
        failed: |why| format!("成员没有加载出来：{why}"),
    },
    new: New {
        title: "发起会话",
        people: "成员",
        channels: "频道",
        find_people: "查找成员",
        find_channels: "查找频道",
        nobody: "没有找到叫这个名字的人。",
        no_channel: "没有这个频道，可以在下面创建。",
        more: "还有更多，请把名字输得更完整些。",
        write_to: |name| format!("发消息给 {name}"),
        choose: |name| format!("选 {name} 进群"),
        chosen: "已选的群成员",
        remove: |name| format!("移除 {name}"),
        group_help: "点名字直接私聊；勾选多人可建群。",
        group_name: "群名称",
        make_group: |count| format!("创建群组（{count} 人）"),
        channel_name: "新频道的名称",
        make_channel: "创建频道",
        join: "加入",
        join_which: |title| format!("加入 {title}"),
        open: "打开",
        open_which: |title| format!("打开 {title}"),
    },
    settings: Settings {
        title: "设置",
        owner: "服务器管理者",
        appearance: "外观",
        theme: "主题",
        system: "跟随系统",
        light: "浅色",
        dark: "深色",
        language: "语言",
        writing: "输入",
        enter_sends: "按 Enter 发送",
        enter_sends_help: "Shift-Enter 总是换行",
        ctrl_enter_sends_help: "Enter 换行，Ctrl-Enter 发送",
        connection: "连接测试",
        echo: "往返时间",
        echo_help: "发 20 条小消息，测服务器多快回应",
        echo_run: "开始测试",
        echo_running: "正在测试…",
        echo_result: |sent, back, median, slowest| {
            if sent == back {
                format!("{sent} 条全部返回 · 中位数 {median} 毫秒 · 最慢 {slowest} 毫秒")
            } else {
                format!("{sent} 条返回 {back} 条 · 中位数 {median} 毫秒 · 最慢 {slowest} 毫秒")
            }
        },
        echo_failed: "一条也没有返回。请检查网络，或代理是否支持 WebSocket。",
        invitations: "邀请",
        invite: "邀请新成员",
        invite_help: "一个链接可注册一个账号",
        invite_make: "生成链接",
        invite_until: |date| format!("可注册一个账号，{date}前有效"),
        copy: "复制",
        copied: "已复制",
        account: "账号",
        sign_out: "退出登录",
        sign_out_help: "同时清除此浏览器里保存的账号内容",
        unsent: |count| format!("还有 {count} 条消息未发送"),
        unsent_help: "退出登录会丢弃仍在此浏览器里等待发送的消息。",
        sign_out_anyway: "丢弃并退出",
        stay: "暂不退出",
    },
    keys: Keys {
        title: "快捷键",
        find: "查找会话",
        next: "上一个、下一个会话",
        send: "发送",
        line: "换行",
        close: "关闭当前弹层",
        sheet: "显示快捷键",
    },
    code,
    retry_after: |seconds| format!("请在 {seconds} 秒后再试。"),
};

fn and(names: &[String], more: usize) -> String {
    match (names, more) {
        ([], 0) => String::new(),
        ([], more) => format!("{more} 人"),
        (names, 0) => names.join("、"),
        (names, more) => format!("{}等 {} 人", names.join("、"), names.len() + more),
    }
}

fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Group => "群组",
        Kind::Channel => "频道",
        Kind::Direct | Kind::Unknown => "会话",
    }
}

fn code(code: Code) -> &'static str {
    match code {
        Code::Malformed => "服务器没有看懂，请刷新页面再试。",
        Code::UnknownKind => "服务器版本太旧，还不支持，请管理者升级。",
        Code::TooLarge => "超出了服务器一次能接收的大小。",
        Code::Empty => "还没有填写。",
        Code::TooShort => "太短了。",
        Code::TooLong => "太长了。",
        Code::BadCharacter => "含有不允许使用的字符。",
        Code::NotFound => "它不存在，或者你不在其中。",
        Code::NotAllowed => "你没有权限这样做。",
        Code::NameTaken => "这个用户名已被使用，请换一个。",
        Code::WrongCredentials => "用户名和密码不匹配。",
        Code::SignedOut => "登录已失效，请重新登录。",
        Code::RegistrationClosed => "本服务器暂不开放注册，请联系管理者。",
        Code::InvitationNeeded => "邀请码无效或已过期，请重新索取。",
        Code::TooFast => "操作太频繁，请稍候。",
        Code::Busy => "服务器正忙，请稍后再试。",
        Code::BadOrigin => "此页面不是服务器自己的页面，请直接打开服务器地址。",
        Code::StorageFull => "服务器磁盘已满，请管理者清理空间。",
        Code::Internal => "服务器出错了，请再试一次；原因已记入日志。",
        Code::Unreachable => "服务器没有回应，请检查网络后再试。",
        Code::Unknown => "服务器拒绝了请求。刷新到新版页面或许能看到原因。",
    }
}
