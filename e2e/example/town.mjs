// A lively example to look at: eight people, two languages, yesterday and today.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Program } from '../harness/program.mjs';
import { until } from '../harness/until.mjs';
import { DEEDS, NIGHT, TALKS } from './talks.mjs';

/** Who lives there. The first one owns the server; pictures are taken over the shoulders of `maya` and `linwen`. */
const PEOPLE = {
  linwen: '林雯 Lin Wen',
  maya: 'Maya Okafor',
  jonas: 'Jonas Weber',
  zhangsan: '张三',
  yuan: '周予安',
  leila: 'ليلى حدّاد',
  bart: 'Bartholomäus Maximilian von Hohenstein-Württemberg the Younger',
  aygul: '阿依古丽·买买提·吐尔逊',
};

/** The log keeps the server's clock, which knows only now: makes of it yesterday evening and the last half hour. */
const BACKDATE = `
import sqlite3, sys
database, night, evening, now = sys.argv[1], *map(int, sys.argv[2:])
with sqlite3.connect(database) as db:
    rows = db.execute("SELECT rowid, at FROM changes ORDER BY at DESC, seq DESC").fetchall()
    morning = sum(at > night for _, at in rows)
    for age, (rowid, at) in enumerate(rows):
        told = now - age * 97_000 if at > night else evening - (age - morning) * 97_000
        db.execute("UPDATE changes SET at = ? WHERE rowid = ?", (told, rowid))
    told = "SELECT at FROM changes WHERE changes.conversation = folded.conversation AND changes.seq = folded.seq"
    db.execute(f"UPDATE folded SET payload = json_set(payload, '$.at', ({told}))")
    db.execute("UPDATE conversations SET made_at = (SELECT min(at) FROM changes WHERE conversation = conversations.id)")
`;

/** Fills an empty server. */
export async function fill(server) {
  const town = await moveIn(server);
  const places = await found(town);
  await talk(town, places, 0, NIGHT);
  await read(town, places, () => Object.keys(town));
  const night = Date.now();
  await talk(town, places, NIGHT, Infinity);
  await act(town, places);
  await plan(town, places.film);
  await read(town, places, ({ read = [] }) => read);
  for (const person of Object.values(town)) person.leaves();

  await server.pause();
  const times = [night, yesterdayEvening(), Date.now()].map(String);
  await promisify(execFile)('python3', ['-c', BACKDATE, join(server.data, 'magpie.db'), ...times]);
  await server.restart();
}

function yesterdayEvening() {
  const evening = new Date();
  evening.setDate(evening.getDate() - 1);
  return evening.setHours(21, 47, 0, 0);
}

async function moveIn(server) {
  const town = {};
  for (const [name, display] of Object.entries(PEOPLE)) town[name] = await Program.signUp(server, { name, display });
  return town;
}

/** Makes the conversations that TALKS names. */
async function found(town) {
  const places = { lobby: town.linwen.lobby };
  for (const [key, { kind, title, by, people = [] }] of Object.entries(TALKS)) {
    const others = people.map((name) => town[name]);
    if (kind === 'group') places[key] = await town[by].makesGroup(title, others);
    if (kind === 'direct') places[key] = await town[by].writesTo(others[0]);
    if (kind === 'channel') {
      places[key] = await town[by].makesChannel(title);
      for (const other of others) await other.joins(places[key]);
    }
  }
  return places;
}

/** Lets them say the lines whose number lies in [from, to), conversation by conversation. */
async function talk(town, places, from, to) {
  for (const [key, { lines }] of Object.entries(TALKS)) {
    for (const [at, who, text] of lines) {
      if (at >= from && at < to) await town[who].says(places[key], text);
    }
  }
}

/** Lets them answer, change, react and pass on. */
async function act(town, places) {
  for (const [who, place, text, { to, ...deed }] of DEEDS) {
    const conversation = places[place];
    const said = ({ conversation: where, what }) => where === conversation && what.body === text;
    const target = (await until(`${who} has heard ${text}`, () => town[who].heard.find(said))).seq;
    if (deed.kind === 'post') await town[who].does({ ...deed, conversation, reply: target });
    else if (deed.kind === 'forward') await town[who].does({ ...deed, conversation: places[to], from: conversation, target });
    else await town[who].does({ ...deed, conversation, target });
  }
}

/** Lets them vote, sign up and talk in a thread. */
async function plan({ jonas, linwen, maya, zhangsan, yuan }, conversation) {
  const post = async (who, body, rest) => (await who.does({ kind: 'post', conversation, body, ...rest })).seq;
  const choices = ['《千与千寻》', 'Paterson', 'Something that none of us has ever seen, in a language none of us speaks'];
  const target = await post(jonas, 'Which film on Friday? 周五看哪一部？', { card: { kind: 'poll', choices } });
  for (const [who, choice] of [[linwen, 0], [zhangsan, 0], [maya, 1], [yuan, 0], [jonas, 2]]) {
    await who.does({ kind: 'vote', conversation, target, choices: [choice] });
  }
  const chain = await post(linwen, '接龙：谁带零食？Snacks, please', { card: { kind: 'chain' } });
  for (const [who, text] of [[linwen, '橘子两斤'], [maya, 'popcorn'], [yuan, '瓜子，还有茶']]) {
    await who.does({ kind: 'add_line', conversation, target: chain, text });
  }
  const thread = await post(zhangsan, '几点在门口见？');
  await post(maya, 'Half past seven?', { thread });
  await post(linwen, '七点半可以，我带票。', { thread });
  await post(yuan, '我晚十分钟，你们先进去。', { thread });
  await jonas.does({ kind: 'pin', conversation, target, on: true });
}

/** Lets those read a conversation to its end whom `who` names. */
async function read(town, places, who) {
  for (const [key, talk] of Object.entries(TALKS)) {
    for (const name of who(talk)) await town[name].hasRead(places[key], Number.MAX_SAFE_INTEGER);
  }
}
