import { describe, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';

describe('natwalk ui', () => {
  it.each(['0', '65536', 'x', '-1'])('refuses the port %s', async (port) => {
    const ran = await natwalk(['ui', '--no-open', `--port=${port}`]);
    expect(ran).toMatchObject({ status: 2, out: '' });
    expect(ran.err).toContain('USAGE_NUMBER');
  });

  it('says where the page is when it is not beside the command', async () => {
    const ran = await natwalk(['ui', '--no-open']);
    expect(ran).toMatchObject({ status: 2, out: '' });
    expect(ran.err).toContain('UI_NO_PAGE');
  });

  it('has help', async () => {
    const ran = await natwalk(['ui', '--help']);
    expect(ran.status).toBe(0);
    expect(ran.out).toContain('natwalk ui ./node');
  });
});
