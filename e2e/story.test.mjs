// The whole path: people sign up, talk, lose the network and the server, and end with the same conversation.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CUT } from './harness/complaints.mjs';
import { Stage } from './harness/stage.mjs';
import { LOBBY } from './harness/words.mjs';

const stage = await Stage.forThisFile();

test('two people keep one conversation through a lost network and a killed server', async () => {
  const maya = await stage.newcomer({ name: 'maya', display: 'Maya Okafor' });
  const lin = await stage.newcomer({ name: 'linwen', display: '林雯', lang: 'zh', scheme: 'dark' });

  await theyTalkInTheLobby(maya, lin);
  await theyTalkInAGroup(maya, lin);
  await theyTalkDirectly(maya, lin);
  await oneIsOfflineForAWhile(maya, lin);
  await theServerIsKilledWhileBothWrite(maya, lin);
  const spoken = await bothHaveTheSameEverywhere(maya, lin);
  await aReloadLosesNothing(spoken, maya, lin);
  await aThirdJoinsLateAndSeesItAll(spoken);
});

async function theyTalkInTheLobby(maya, lin) {
  await maya.opens(LOBBY);
  await lin.opens(LOBBY);
  await maya.says('Hello, is anybody here?');
  await lin.sees('Hello, is anybody here?');
  await lin.says('你好，我在。');
  await maya.sees('你好，我在。');
  await maya.says('Great! 那我们开始吧 🎉');
  await lin.seesExactly(['Hello, is anybody here?', '你好，我在。', 'Great! 那我们开始吧 🎉']);
  await maya.seesAs('sent', 'Great!');
  await lin.seesAs('sent', '你好，我在。');
}

async function theyTalkInAGroup(maya, lin) {
  await lin.makesGroup('周末爬山', [maya]);
  await lin.says('周六早上八点集合？');
  await maya.seesUnread('周末爬山', 1);
  await maya.opens('周末爬山');
  await maya.sees('周六早上八点集合？');
  await maya.seesUnread('周末爬山', 0);
  await maya.says('Eight is early, but yes.');
  await lin.sees('Eight is early, but yes.');
}

async function theyTalkDirectly(maya, lin) {
  await maya.writesTo('林雯');
  await maya.says('Between the two of us: will it rain?');
  await lin.seesUnread('Maya Okafor', 1);
  await lin.opens('Maya Okafor');
  await lin.sees('Between the two of us: will it rain?');
  await lin.says('不会的，放心。');
  await maya.seesExactly(['Between the two of us: will it rain?', '不会的，放心。']);
}

async function oneIsOfflineForAWhile(maya, lin) {
  stage.forgives(...CUT);
  await maya.opens(LOBBY);
  await lin.opens(LOBBY);
  await maya.goesOffline();
  await Promise.all([
    says(maya, 'into the tunnel 1', 'into the tunnel 2', 'into the tunnel 3'),
    says(lin, '隧道外 1', '隧道外 2', '隧道外 3'),
  ]);
  await maya.seesAs('waiting', 'into the tunnel 3');
  await lin.hasSentAll();
  assert.ok(!(await lin.reads()).some((text) => text.startsWith('into the tunnel')), 'nothing got through');
  await maya.comesBack();
  await lin.sees('into the tunnel 1', 'into the tunnel 2', 'into the tunnel 3');
  await maya.sees('隧道外 1', '隧道外 2', '隧道外 3');
  await maya.hasSentAll();
}

async function theServerIsKilledWhileBothWrite(maya, lin) {
  const numbered = (what) => [1, 2, 3, 4, 5, 6].map((number) => `${what} ${number}`);
  await Promise.all([
    says(maya, ...numbered('before and after the blow')),
    says(lin, ...numbered('断电前后')),
    stage.server.kill(),
  ]);
  await Promise.all([says(maya, ...numbered('into the dark')), says(lin, ...numbered('黑暗中'))]);
  await maya.seesAs('waiting', 'into the dark 6');
  await Promise.all([
    says(maya, ...numbered('as it rises')),
    says(lin, ...numbered('重启时')),
    stage.server.restart(),
  ]);
  for (const person of [maya, lin]) {
    for (const what of ['before and after the blow', '断电前后', 'into the dark', '黑暗中', 'as it rises', '重启时']) {
      await person.sees(...numbered(what));
    }
    await person.hasSentAll();
  }
  inOrder(await lin.reads(), [...numbered('before and after the blow'), ...numbered('into the dark'), ...numbered('as it rises')]);
  inOrder(await maya.reads(), [...numbered('断电前后'), ...numbered('黑暗中'), ...numbered('重启时')]);
}

async function bothHaveTheSameEverywhere(maya, lin) {
  const spoken = { [LOBBY]: await stage.allSeeTheSame(maya, lin) };
  assert.equal(spoken[LOBBY].length, 3 + 6 + 36);
  await Promise.all([maya.opens('周末爬山'), lin.opens('周末爬山')]);
  spoken['周末爬山'] = await stage.allSeeTheSame(maya, lin);
  assert.deepEqual(spoken['周末爬山'], ['周六早上八点集合？', 'Eight is early, but yes.']);
  await Promise.all([maya.opens('林雯'), lin.opens('Maya Okafor')]);
  assert.equal((await stage.allSeeTheSame(maya, lin)).length, 2);
  return spoken;
}

async function aReloadLosesNothing(spoken, maya, lin) {
  for (const person of [maya, lin]) {
    for (const [title, texts] of Object.entries(spoken)) {
      await person.opens(title);
      await person.reloads();
      await person.isAt(title);
      await person.seesExactly(texts);
    }
  }
}

async function aThirdJoinsLateAndSeesItAll(spoken) {
  const zhang = await stage.newcomer({ name: 'zhangsan', display: '张三', lang: 'zh' });
  await zhang.opens(LOBBY);
  await zhang.seesExactly(spoken[LOBBY]);
  assert.equal(await zhang.row('周末爬山').count(), 0, 'the group is not for strangers');
}

async function says(person, ...texts) {
  for (const text of texts) await person.says(text);
}

/** These stand in this order, whatever stands between them. */
function inOrder(texts, expected) {
  assert.deepEqual(texts.filter((text) => expected.includes(text)), expected);
}
