import { expect, test } from 'vitest';
import { connectors } from '../../src/connectors/index.ts';
import { appOf } from '../http/app-parts.ts';

const hooks = connectors.flatMap(({ signature, endpoints }) =>
  signature === undefined ? [] : endpoints.map(({ path }) => ({ path, setting: signature.setting })),
);

test.each(hooks)(
  '$path is refused while $setting is empty, also where no keys are set, and says what to set',
  async ({ path, setting }) => {
    const response = await appOf().request(path, { method: 'POST', body: '{}' });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining(setting) });
  },
);
