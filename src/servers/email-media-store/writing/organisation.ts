import type { Configuration } from '#domain/configuration/configuration.ts';
import type { Organisation } from '#domain/configuration/documents.ts';

/** How the centre writes where nothing says otherwise. */
export function organisationOf(
  configuration: Configuration,
): Pick<Organisation, 'name' | 'language' | 'timeZone'> {
  const [organisation] = configuration.all('organisation').values();
  return organisation ?? { name: '', language: 'en', timeZone: 'UTC' };
}
