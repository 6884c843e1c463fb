/** Asks the kernel what its suite asks it, and keeps the answers: `record.mjs FILE PACKETS`, as root. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { EXTENSIONS } from '../../src/iptables/registry.js';
import { whyNoKernel } from '../kernel/available.js';
import { loadFixture } from '../kernel/adapter/fixture.js';
import type { Observation } from '../kernel/adapter/judge.js';
import { NETWORKS, askNetwork } from '../kernel/routing/asked.js';
import { PROFILES } from '../kernel/soak/profiles.js';
import { Session, type Sent } from '../kernel/soak/session.js';
import { caseOf } from '../kernel/soak/soak.js';
import { SUITE, settingsOf } from '../kernel/soak/suite.js';
import type { Script } from '../kernel/soak/flows/script.js';
import { allSpecs } from '../support/spec.js';
import { byFixture } from '../walks/all.js';
import { packetsOf } from '../walks/case.js';
import type {
  RecordedCase,
  RecordedNetwork,
  RecordedSpec,
  RecordedWalks,
  Recording,
  Texts,
} from './recording.js';

async function recordCases(packets: number): Promise<RecordedCase[]> {
  const cases: RecordedCase[] = [];
  for (const profile of PROFILES) {
    for (const setting of settingsOf(profile)) {
      const loaded: Texts[] = [];
      let groups: (readonly Observation[])[] = [];
      let scripts: { script: Script; sent: readonly Sent[] }[] = [];
      const session = new Session(false, {
        loaded: (texts) => void loaded.push(texts),
        group: (observations) => groups.push(observations),
        script: (script, sent) => scripts.push({ script, sent }),
      });
      for (let seed: number = SUITE.seed, sent = 0; sent < packets; seed += 1) {
        [groups, scripts] = [[], []];
        const results = await session.run(caseOf(profile, setting, seed));
        sent += results.length;
        const name = `${profile.name} IPv${String(setting.family)} ${setting.backend} ${String(seed)}`;
        const texts = loaded.pop();
        if (texts === undefined) process.stderr.write(`${name}: not loaded\n`);
        else cases.push({ name, texts, groups, scripts });
      }
      await session.stop();
    }
  }
  return cases;
}

async function recordWalks(): Promise<RecordedWalks[]> {
  const recorded: RecordedWalks[] = [];
  for (const [fixture, cases] of byFixture) {
    const judge = await loadFixture(fixture);
    const walks = [];
    for (const walk of cases) walks.push(await judge.observe(packetsOf(walk)));
    await judge.stop();
    const texts = readdirSync(fixture).map((name) => ({
      name,
      text: readFileSync(join(fixture, name), 'utf8'),
    }));
    recorded.push({ name: fixture, texts, walks });
  }
  return recorded;
}

function recordNetworks(): RecordedNetwork[] {
  return NETWORKS.map((wanted) => {
    const { draft, answers } = askNetwork(wanted);
    const { family, links, rules, tables, known, groups, labels } = draft.network();
    return {
      name: `ip route get IPv${String(wanted.family)} ${String(wanted.seed)}`,
      network: { family, links, rules, tables, known, groups, labels },
      sysctls: draft.sysctls,
      oneTrie: wanted.family === 4 && !wanted.rules,
      answers: answers.map(({ query, answer, match }) => ({ flow: query.flow, answer, match })),
    };
  });
}

function recordSpecs(): RecordedSpec[] {
  return allSpecs().map((spec) => {
    const all = spec.kind === 'match' ? EXTENSIONS.matches : EXTENSIONS.targets;
    return { spec, families: all.find(({ name }) => name === spec.name)?.families ?? [] };
  });
}

const missing = whyNoKernel();
if (missing !== null) {
  process.stderr.write(`The kernel cannot be asked: ${missing}\n`);
  process.exit(2);
}
const [, , file = '', packets = String(SUITE.packets)] = process.argv;
const recording: Recording = {
  cases: await recordCases(Number(packets)),
  walks: await recordWalks(),
  networks: recordNetworks(),
  specs: recordSpecs(),
};
writeFileSync(file, serialize(recording));
const observed = recording.cases.reduce(
  (sum, { groups, scripts }) =>
    sum + groups.flat().length + scripts.reduce((all, { sent }) => all + sent.length, 0),
  0,
);
process.stdout.write(
  `recorded ${String(observed)} packets of ${String(recording.cases.length)} cases, ${String(recording.walks.length)} fixtures, ${String(recording.networks.length)} networks\n`,
);
