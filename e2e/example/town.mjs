// A lively example to look at: eight people, two languages, yesterday and today.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Program } from '../harness/program.mjs';
import { NIGHT, TALKS } from './talks.mjs';

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

/** Moves what was said before into yesterday evening: the log keeps the server's clock, which knows only now. */
const BACKDATE = `
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
    last = int(sys.argv[2])
    rows = db.execute("SELECT rowid, conversation, seq FROM changes ORDER BY at, conversation, seq").fetchall()
    for age, (rowid, _, _) in enumerate(reversed(rows)):
        db.execute("UPDATE changes SET at = ? WHERE rowid = ?", (last - age * 97_000, rowid))
    db.execute("UPDATE conversations SET made_at = ?", (last - 518_400_000,))
`;

/** Fills an empty server. Nobody has read anything since NIGHT. */
export async function fill(server) {
  let town = await moveIn(server);
  const places = await found(town);
  await talk(town, places, 0, NIGHT);
  await everybodyReads(town, places);
  leave(town);

  await server.pause();
  await promisify(execFile)('python3', ['-c', BACKDATE, join(server.data, 'magpie.db'), String(yesterdayEvening())]);
  await server.restart();

  town = await comeBack(server);
  await talk(town, places, NIGHT, Infinity);
  await readWhatIsOwn(town, places);
  leave(town);
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

async function comeBack(server) {
  const names = Object.keys(PEOPLE);
  const people = await Promise.all(names.map((name) => Program.signIn(server, { name })));
  return Object.fromEntries(names.map((name, at) => [name, people[at]]));
}

function leave(town) {
  for (const person of Object.values(town)) person.leaves();
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

async function everybodyReads(town, places) {
  for (const person of Object.values(town)) {
    for (const id of Object.values(places)) await person.hasRead(id, Number.MAX_SAFE_INTEGER);
  }
}

/** Some conversations are read to the end. */
async function readWhatIsOwn(town, places) {
  for (const [key, { read = [] }] of Object.entries(TALKS)) {
    for (const name of read) await town[name].hasRead(places[key], Number.MAX_SAFE_INTEGER);
  }
}
