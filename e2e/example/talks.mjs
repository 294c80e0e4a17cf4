// What is said in the example. Each line: when (below NIGHT it was yesterday), who, what.

export const NIGHT = 100;

const LONG = `I walked the route again in my head and wrote it down, so that nobody has to ask twice:

1. 08:10 at the east exit of the station, next to the bakery
2. bus 47 to the last stop, then up the stone steps
3. lunch at the hut (they take cash only!)
4. back by the lake, about 11 km and 600 m up in total

Bring water, a hat and something for the rain. If anything changes I say so here, not by mail.`;

const MARKED = `## 0.1

| what | who | when |
|---|---|---|
| 服务器 server | @linwen | *today* |
| client | @maya | ~~today~~ Friday |

1. back up
2. then run it:
\`\`\`rust
fn migrate(log: &Log) -> Result<(), Error> {
    // 一行一行来。
    log.changes().try_for_each(Change::apply)
}
\`\`\``;

export const TALKS = {
  lobby: {
    lines: [
      [1, 'linwen', '大家好，欢迎来到喜鹊！这里是大厅，所有人都在。'],
      [2, 'linwen', 'Hello everyone, and welcome. This is the Lobby: everybody is here.'],
      [3, 'maya', 'It works! And it started with one command. 🎉'],
      [4, 'jonas', 'Nice. Where is my data, by the way?'],
      [5, 'linwen', 'In one folder on my machine: one file for the program, one folder for the rest.'],
      [6, 'zhangsan', '界面很清爽，中文输入法也没有问题。'],
      [7, 'yuan', '👍'],
      [8, 'aygul', '大家晚上好！'],
      [9, 'bart', 'Good evening. I have a rather long name; I hope nothing breaks because of it.'],
      [101, 'leila', 'صباح الخير جميعاً! هل تعمل الرسائل من اليمين إلى اليسار؟'],
      [102, 'linwen', '看起来没问题，早上好 ☀️'],
      [103, 'jonas', 'Morning! The notes of yesterday are at https://example.com/notes/2026-11，有空看一下'],
      [104, 'zhangsan', `https://example.com/${'a-very-long-path/'.repeat(9)}?${'w'.repeat(90)}`],
      [105, 'maya', 'Reading them now, thanks.'],
    ],
  },
  hike: {
    kind: 'group',
    title: '周末爬山 Weekend hike',
    by: 'linwen',
    people: ['maya', 'jonas', 'zhangsan', 'yuan'],
    lines: [
      [10, 'linwen', '这个周末去爬山吗？天气预报说周六晴天，最高 18 度。'],
      [11, 'maya', 'Saturday works for me! How early do you want to leave?'],
      [12, 'linwen', '八点十分在车站东口集合，怎么样？'],
      [13, 'zhangsan', '可以'],
      [14, 'zhangsan', '我带水和面包，大概够五个人吃。'],
      [15, 'jonas', '8:10 is early, but fine. I will set three alarms.'],
      [16, 'maya', '😂😂'],
      [17, 'jonas', LONG],
      [18, 'yuan', '收到，谢谢 Jonas！路线很清楚。'],
      [19, 'maya', 'Perfect. 我也会带一点水果 🍎'],
      [110, 'linwen', '早！路线图在这里：https://example.com/map/east?lang=zh，请大家出发前下载。'],
      [111, 'maya', 'Got it, downloaded.'],
      [112, 'linwen', '好的'],
      [120, 'yuan', '我可能会晚五分钟，你们先买票。'],
      [121, 'jonas', 'No problem, the bus only goes at 8:25.'],
      [122, 'zhangsan', '🥾🏔️'],
      [123, 'zhangsan', '山顶见！'],
    ],
  },
  releases: {
    kind: 'channel',
    title: '发布 releases',
    by: 'linwen',
    people: ['maya', 'jonas', 'yuan'],
    lines: [
      [20, 'yuan', '0.1 的更新说明写好了，请大家过目。'],
      [21, 'jonas', 'Two typos, otherwise good to go.'],
      [130, 'yuan', '改好了。'],
      [131, 'jonas', 'Then let us ship it.'],
      [132, 'yuan', MARKED],
      [133, 'jonas', '> The table is ||mine||\n\n@maya 看一下 `migrate()`，**不**急。'],
    ],
    read: ['maya', 'linwen'],
  },
  book: {
    kind: 'channel',
    title: 'Reading circle for people who never finish the books they start, 读书会',
    by: 'maya',
    people: ['linwen', 'bart', 'aygul'],
    lines: [
      [30, 'maya', 'Chapter three by Thursday?'],
      [31, 'aygul', '我才看到第二章……'],
      [140, 'bart', 'I have read it twice, and I should like to say a few words about the ending, which surprised me.'],
    ],
    read: ['linwen'],
  },
  ours: {
    kind: 'direct',
    by: 'linwen',
    people: ['maya'],
    lines: [
      [40, 'maya', 'Did you find the key to the meeting room?'],
      [41, 'linwen', '找到了，在抽屉里 🔑'],
      [42, 'linwen', 'It was in the drawer all the time.'],
      [43, 'maya', '❤️'],
      [150, 'linwen', 'Coffee at ten?'],
      [151, 'maya', 'Yes please. 老地方见！'],
      [152, 'linwen', '☕'],
    ],
    read: ['maya', 'linwen'],
  },
  jonasMaya: {
    kind: 'direct',
    by: 'jonas',
    people: ['maya'],
    lines: [
      [50, 'jonas', 'Can you send me the slides?'],
      [160, 'jonas', 'Found them, never mind 🙈'],
    ],
  },
  zhangsanLin: {
    kind: 'direct',
    by: 'zhangsan',
    people: ['linwen'],
    lines: [
      [60, 'zhangsan', '服务器的备份脚本我改好了。'],
      [170, 'zhangsan', '麻烦有空看一眼，不急。'],
    ],
  },
  bartMaya: { kind: 'direct', by: 'bart', people: ['maya'], lines: [[70, 'bart', 'Thank you for the kind welcome!']], read: ['maya'] },
  aygulLin: { kind: 'direct', by: 'aygul', people: ['linwen'], lines: [[71, 'aygul', '谢谢你的邀请！']], read: ['linwen'] },
  film: {
    kind: 'group',
    title: 'Film club 电影之夜',
    by: 'jonas',
    people: ['linwen', 'maya', 'zhangsan', 'yuan'],
    lines: [[80, 'jonas', 'The cinema’s programme: https://example.org/programme']],
  },
  garden: { kind: 'group', title: 'Garden 花园', by: 'maya', people: ['linwen', 'leila'], lines: [] },
};

/** What is done with what was said, in its order: who, in which conversation, with which message, what. */
export const DEEDS = [
  ['maya', 'hike', 'Perfect. 我也会带一点水果 🍎', { kind: 'react', emoji: '👍', on: true }],
  ['jonas', 'hike', 'Perfect. 我也会带一点水果 🍎', { kind: 'react', emoji: '👍', on: true }],
  ['yuan', 'hike', 'Perfect. 我也会带一点水果 🍎', { kind: 'react', emoji: '🍎', on: true }],
  ['linwen', 'hike', 'No problem, the bus only goes at 8:25.', { kind: 'react', emoji: '❤️', on: true }],
  ['maya', 'hike', 'No problem, the bus only goes at 8:25.', { kind: 'react', emoji: '❤️', on: true }],
  ['linwen', 'hike', LONG, { kind: 'pin', on: true }],
  ['maya', 'hike', 'Got it, downloaded.', { kind: 'edit', body: 'Got it, downloaded. Twice.' }],
  ['linwen', 'hike', '好的', { kind: 'edit', body: '好的，周六见！' }],
  ['zhangsan', 'hike', '可以', { kind: 'recall' }],
  ['yuan', 'hike', '八点十分在车站东口集合，怎么样？', { kind: 'post', body: '我可以叫大家起床 ⏰' }],
  ['jonas', 'lobby', 'Reading them now, thanks.', { kind: 'forward', to: 'hike' }],
];
