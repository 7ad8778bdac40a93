import { expect, test } from 'vitest';
import { DOCUMENTS } from './documents.ts';
import { initialDocuments } from './initial.ts';
import { sampleDocuments } from './sample.ts';

test.each([...sampleDocuments(), ...initialDocuments()])(
  'the sample document $kind/$id is sound',
  ({ kind, body }) => {
    expect(DOCUMENTS[kind].safeParse(body).error?.issues).toBeUndefined();
  },
);
