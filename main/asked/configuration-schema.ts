/** The JSON schema of configurations, for editors that complete and check keys. */
import { z } from 'zod';
import { configurationSchema, configurationVersion } from './configuration.ts';

export function configurationJsonSchema(): object {
  return {
    $id: `search-configuration-${configurationVersion}.json`,
    title: `Configuration of "zico search", version ${configurationVersion}`,
    ...z.toJSONSchema(configurationSchema, { target: 'draft-7' }),
  };
}
