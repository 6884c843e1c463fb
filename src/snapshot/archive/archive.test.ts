/** Archives as folders: what is read of them, and what their makers cannot make natwalk do. */
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Member, tarHeader, tarOf, tgzOf, zipOf } from '../../../test/support/archive.js';
import type { SnapshotFiles } from '../collector.js';
import { readSnapshot } from '../files.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'natwalk-archive-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const RULE = '0:\tfrom all lookup local\n';
const ROUTE = 'default via 10.0.0.1 dev eth0\n';
const MEMBERS: readonly Member[] = [
  { name: './networking/', type: '5' },
  { name: './networking/iprule.txt', data: RULE },
  { name: './networking/iproute.txt', data: ROUTE },
];
const READ = [
  { name: 'networking/iprule.txt', text: RULE },
  { name: 'networking/iproute.txt', text: ROUTE },
];

async function read(bytes: Buffer, name = 'bundle'): Promise<SnapshotFiles> {
  await writeFile(join(folder, name), bytes);
  return readSnapshot(join(folder, name));
}

async function findings(bytes: Buffer, name?: string): Promise<readonly string[]> {
  const { diagnostics } = await read(bytes, name);
  return diagnostics.list.map(({ code, params }) => `${code} ${String(params['file'] ?? params['count'])}`);
}

/** The sum of a tar header's bytes, its own field counting as blanks. */
function sumOf(header: Buffer): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

describe('an archive', () => {
  const forms: readonly (readonly [string, Buffer])[] = [
    ['tar', tarOf(MEMBERS)],
    ['tar.gz', tgzOf(MEMBERS)],
    ['zip', zipOf(MEMBERS.filter(({ type }) => type === undefined))],
  ];

  it.each(forms)('(%s) is a folder, whatever it is called', async (_form, bytes) => {
    const { files, diagnostics } = await read(bytes);
    expect([files, diagnostics.list]).toEqual([READ, []]);
  });

  it.each(forms)('(%s) may come from standard input, in pieces of any size', async (_form, bytes) => {
    for (const size of [1, 511, 512, 1 << 20]) {
      const { files } = await readSnapshot('-', pieces(bytes, size));
      expect(files).toEqual(READ);
    }
  });

  it('in a folder puts its own name before those of its members', async () => {
    await writeFile(join(folder, 'a.tgz'), tgzOf(MEMBERS));
    await writeFile(join(folder, 'b.txt'), RULE);
    const { files } = await readSnapshot(folder);
    expect(files.map(({ name }) => name)).toEqual([
      'a.tgz/networking/iprule.txt',
      'a.tgz/networking/iproute.txt',
      'b.txt',
    ]);
  });

  it('may have long names', async () => {
    const name = `${'long-folder-name/'.repeat(7)}ip-rule.txt`;
    expect((await read(tarOf([{ name, data: RULE }]))).files).toEqual([{ name, text: RULE }]);
  });

  it('of a single text is that text', async () => {
    const { files } = await read(gzipSync(Buffer.from(RULE)), 'ip-rule.txt.gz');
    expect(files).toEqual([{ name: 'ip-rule.txt', text: RULE }]);
  });

  const logs = Array.from({ length: 30 }, (_, at) => ({
    name: `var_log/${String(at)}.log`,
    data: 'kubelet started\n'.repeat(1000),
  }));

  it('of a collector has logs, which are counted', async () => {
    const { files, diagnostics } = await read(tgzOf([...logs, ...MEMBERS]));
    expect(files).toEqual(READ);
    expect(diagnostics.list.map(({ code, params }) => [code, params['count']])).toEqual([
      ['READ_UNNAMED', 30],
    ]);
  });

  it('that somebody packed has a few of the texts and pictures named that hold nothing', async () => {
    const own = { name: 'rules.txt', data: RULE };
    const { files, diagnostics } = await read(
      tgzOf([...logs, own, { name: 'x.png', data: Buffer.alloc(99) }]),
    );
    expect(files).toEqual([{ name: 'rules.txt', text: RULE }]);
    expect(diagnostics.list.map(({ code }) => code)).toEqual([
      'READ_BINARY',
      ...Array.from({ length: 8 }, () => 'READ_UNRECOGNISED'),
      'READ_MORE_FILES',
    ]);
  });
});

describe('an archive within an archive', () => {
  it('is opened where a collector makes one for each node', async () => {
    const inner = tgzOf([{ name: 'cmd/ip-rule.md', data: RULE }]);
    const { files } = await read(zipOf([{ name: 'cilium-bugtool-abc-1.tar.gz', data: inner }]));
    expect(files).toEqual([{ name: 'cilium-bugtool-abc-1.tar.gz/cmd/ip-rule.md', text: RULE }]);
  });

  it('is named and not opened anywhere else', async () => {
    const inner = tgzOf(MEMBERS);
    expect(await findings(tarOf([{ name: 'more.tgz', data: inner }]))).toEqual([
      'READ_ARCHIVE_INSIDE more.tgz',
    ]);
    const nested = tgzOf([{ name: 'cilium-bugtool-b.tar.gz', data: inner }]);
    expect(await findings(tarOf([{ name: 'cilium-bugtool-a.tar.gz', data: nested }]))).toEqual([
      'READ_ARCHIVE_INSIDE cilium-bugtool-a.tar.gz/cilium-bugtool-b.tar.gz',
    ]);
    expect(await findings(gzipSync(inner), 'a.gz')).toEqual(['READ_ARCHIVE_INSIDE a']);
  });

  it.each([
    ['xz', 'fd377a585a00'],
    ['zstd', '28b52ffd'],
    ['bzip2', '425a68'],
    ['7z', '377abcaf271c'],
  ])('packed with %s is named', async (packing, magic) => {
    const { diagnostics } = await read(tarOf([{ name: 'a', data: Buffer.from(magic, 'hex') }]));
    expect(diagnostics.list.map(({ code, params }) => [code, params['packing']])).toEqual([
      ['READ_PACKING', packing],
    ]);
  });

  it.each([
    ['bundle.tar.xz', 'fd377a585a00', 'xz -dc bundle.tar.xz | gzip > bundle.tar.gz'],
    ['bundle.tbz2', '425a68', 'bzip2 -dc bundle.tbz2 | gzip > bundle.tar.gz'],
    ['bundle.7z', '377abcaf271c', '7z x bundle.7z'],
    ['a; rm -r b.xz', 'fd377a585a00', 'xz -dc FILE | gzip > FILE.gz'],
  ])('%s is told how to repack', async (name, magic, command) => {
    const { diagnostics } = await read(Buffer.from(magic, 'hex'), name);
    expect(diagnostics.list.map(({ params }) => params['command'])).toEqual([command]);
  });
});

describe('an archive that means harm', () => {
  it.each(['../evil', '/etc/passwd', 'a/../../evil', 'C:\\evil', '..\\evil'])(
    'does not get a member called %s in',
    async (name) => {
      const members = [{ name, data: RULE }, ...MEMBERS.slice(1)];
      for (const bytes of [tarOf(members), zipOf(members)]) {
        const { files, diagnostics } = await read(bytes);
        expect(files).toEqual(READ);
        expect(diagnostics.list.map(({ code }) => code)).toEqual(['READ_NAME_OUTSIDE']);
      }
    },
  );

  it('gets no link out of it, and links inside are read at their target alone', async () => {
    const links = [
      { name: 'a/out', type: '2', link: '../../etc/passwd' },
      { name: 'abs', type: '2', link: '/etc/passwd' },
      { name: 'hard', type: '1', link: '../../x' },
      { name: 'ip_rule', type: '2', link: 'networking/iprule.txt' },
      { name: 'pipe', type: '6' },
    ];
    expect(await findings(tarOf([...links, ...MEMBERS]))).toEqual([
      'READ_LINK_OUTSIDE a/out',
      'READ_LINK_OUTSIDE abs',
      'READ_LINK_OUTSIDE hard',
      'READ_NOT_A_FILE pipe',
    ]);
    const { files, diagnostics } = await read(zipOf([...links.slice(0, 2), ...MEMBERS.slice(1)]));
    expect(files).toEqual(READ);
    expect(diagnostics.list.map(({ code }) => code)).toEqual(['READ_LINK_OUTSIDE', 'READ_LINK_OUTSIDE']);
  });

  it('does not fill the memory: gzip that unpacks to a hundred times as much and more', async () => {
    const bomb = { name: 'zeros.txt', data: Buffer.alloc(40 << 20, 0x20) };
    const { files, diagnostics } = await read(tgzOf([...MEMBERS.slice(0, 2), bomb, ...MEMBERS.slice(2)]));
    expect(files).toEqual(READ);
    expect(diagnostics.list.map(({ code, params }) => [code, params['file']])).toEqual([
      ['READ_ARCHIVE_RATIO', 'zeros.txt'],
    ]);
    expect(await findings(gzipSync(bomb.data), 'b.gz')).toEqual(['READ_ARCHIVE_RATIO b.gz']);
    expect(await findings(zipOf([bomb]))).toEqual(['READ_ARCHIVE_RATIO zeros.txt']);
  }, 60_000);

  it('cannot lie about the size of a member of a zip', async () => {
    const lie = { name: 'lie.txt', data: Buffer.alloc(1 << 20, 0x20), size: 10 };
    expect(await findings(zipOf([lie]))).toEqual(['READ_UNREADABLE lie.txt']);
  });

  it('names encrypted members', async () => {
    expect(await findings(zipOf([{ name: 'a.txt', data: RULE, encrypted: true }]))).toEqual([
      'READ_ENCRYPTED a.txt',
    ]);
  });

  it('(gzip) of more than 128 MiB in one member is read around it, however little of it is packed', async () => {
    const size = 140 << 20;
    const big = Buffer.concat([tarHeader({ name: 'big.txt', size }), Buffer.alloc(size)]);
    const { files, diagnostics } = await read(gzipSync(Buffer.concat([big, tarOf(MEMBERS)]), { level: 1 }));
    expect(files).toEqual(READ);
    expect(diagnostics.list.map(({ code, params }) => [code, params['file']])).toEqual([
      ['READ_TOO_LARGE', 'big.txt'],
    ]);
  }, 60_000);

  it('of two gigabytes in one member is read around it', async () => {
    const size = 2 ** 31;
    const path = join(folder, 'big.tar');
    const file = await open(path, 'w');
    // A hole: the file has the size without the disk.
    await file.write(tarHeader({ name: 'big.txt', size }), 0, 512, 0);
    const after = tarOf(MEMBERS);
    await file.write(after, 0, after.length, 512 + size);
    await file.close();
    const before = process.memoryUsage().rss;
    const { files, diagnostics } = await readSnapshot(path);
    expect(files).toEqual(READ);
    expect(diagnostics.list.map(({ code }) => code)).toEqual(['READ_TOO_LARGE']);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 << 20);
  }, 60_000);

  const crowded = (length: number): readonly Member[] => [
    ...MEMBERS.slice(1, 2),
    ...Array.from({ length }, (_, at) => ({ name: `d/${String(at)}`, data: 'x' })),
    ...MEMBERS.slice(2),
  ];

  it.each([
    ['tar.gz', 100_000, tgzOf],
    ['zip', 60_000, zipOf],
  ] as const)(
    '(%s) of %d members and more has the dumps among them read',
    async (_form, length, pack) => {
      const { files, diagnostics } = await read(pack(crowded(length)));
      expect(files.filter(({ text }) => text !== 'x')).toEqual(READ);
      expect(files.length).toBeLessThan(30_000);
      expect(diagnostics.list.map(({ code, params }) => [code, params['most'], params['count']])).toEqual([
        ['READ_ARCHIVE_MANY', 20_000, length - 20_000 + 1],
      ]);
    },
    60_000,
  );

  it.each(['tar', 'tar.gz'])('(%s) with a file full of holes has the rest read', async (form) => {
    // Two blocks of the map behind the header; the size counts only what is stored.
    const header = tarHeader({ name: 'lastlog', type: 'S', size: 700 });
    header[482] = 1;
    header.write(`${sumOf(header).toString(8).padStart(6, '0')}\0 `, 148);
    const map = [1, 0].map((more) => Buffer.alloc(512, 0x31).fill(more, 504, 505));
    const archive = Buffer.concat([header, ...map, Buffer.alloc(1024, 0x78), tarOf(MEMBERS)]);
    const { files, diagnostics } = await read(form === 'tar' ? archive : gzipSync(archive));
    expect(files).toEqual(READ);
    expect(diagnostics.list.map(({ code, params }) => [code, params['file']])).toEqual([
      ['READ_SPARSE', 'lastlog'],
    ]);
  });
});

describe('a damaged archive', () => {
  const many = Array.from({ length: 40 }, (_, at) => ({
    name: `${String(at)}/iprule.txt`,
    data: RULE.repeat(900),
  }));

  it.each([
    ['tar', tarOf(many)],
    ['tar.gz', tgzOf(many)],
  ])('(%s) is read up to where it ends', async (_form, bytes) => {
    const { files, diagnostics } = await read(bytes.subarray(0, Math.floor(bytes.length * 0.7)));
    expect(files.length).toBeGreaterThan(0);
    expect(files.length).toBeLessThan(40);
    for (const { text } of files) expect(text).toBe(RULE.repeat(900));
    expect(diagnostics.list.map(({ code, params }) => [code, params['reason']])).toEqual([
      ['READ_ARCHIVE_DAMAGED', 'it ends early'],
    ]);
  });

  it.each([
    ['', false],
    [' with the sizes behind its members', true],
  ])('(zip)%s without its directory is named, and its whole members are read', async (_, streamed) => {
    const members = [
      ...MEMBERS.slice(1),
      { name: '../out.txt', data: RULE },
      { name: 'z.txt', data: ROUTE },
    ].map((member) => ({ ...member, streamed }));
    const bytes = zipOf(members);
    const directory = bytes.indexOf(Buffer.from('504b0102', 'hex'));
    const named = 'READ_NAME_OUTSIDE ../out.txt';
    // Where nothing tells how long it is, nobody can look behind a member that is not unpacked.
    const last = streamed ? [] : [{ name: 'z.txt', text: ROUTE }];
    for (const end of [bytes.length - 30, directory]) {
      expect(await findings(bytes.subarray(0, end))).toEqual([named, 'READ_ARCHIVE_DAMAGED bundle']);
      expect((await read(bytes.subarray(0, end))).files).toEqual([...READ, ...last]);
    }
    const torn = bytes.indexOf('iproute.txt') + 15;
    expect(await findings(bytes.subarray(0, torn))).toEqual(['READ_ARCHIVE_DAMAGED bundle']);
    expect((await read(bytes.subarray(0, torn))).files).toEqual(READ.slice(0, 1));
    const wrong = Buffer.from(bytes.subarray(0, directory));
    const place = bytes.indexOf('iprule.txt') + 12;
    wrong[place] = (wrong[place] ?? 0) ^ 0x55;
    expect((await read(wrong)).files.find(({ name }) => name === 'networking/iprule.txt')).toBeUndefined();
  });

  it('(zip) without its directory keeps to the limits', async () => {
    const bomb = { name: 'zeros.txt', data: Buffer.alloc(40 * 1024 * 1024) };
    for (const streamed of [false, true]) {
      const bytes = zipOf([
        { ...bomb, streamed },
        { name: 'a.txt', data: RULE },
      ]);
      const cut = bytes.subarray(0, bytes.length - 30);
      expect(await findings(cut)).toEqual(['READ_ARCHIVE_RATIO zeros.txt', 'READ_ARCHIVE_DAMAGED bundle']);
      expect((await read(cut)).files).toEqual([{ name: 'a.txt', text: RULE }]);
    }
    const secret = zipOf([
      { name: 'a.txt', data: RULE, encrypted: true },
      { name: 'b.txt', data: RULE },
    ]);
    const cut = secret.subarray(0, secret.length - 30);
    expect(await findings(cut)).toEqual(['READ_ENCRYPTED a.txt', 'READ_ARCHIVE_DAMAGED bundle']);
    expect((await read(cut)).files).toEqual([{ name: 'b.txt', text: RULE }]);
  });

  it('never throws, wherever a byte is wrong', async () => {
    for (const whole of [tarOf(MEMBERS), tgzOf(MEMBERS), zipOf(MEMBERS.slice(1))])
      for (let at = 0; at < whole.length; at += 37) {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ 0x55;
        await expect(readSnapshot('-', pieces(bytes, 4096))).resolves.toBeDefined();
      }
  });
});
