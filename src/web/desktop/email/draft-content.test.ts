import { expect, test } from 'vitest';
import type { Attachment } from '#domain/email/email.ts';
import { forEditor, fromEditor, richOf } from './draft-content.ts';

const files = [{ id: 'f1', contentId: 'f1@draft' }] as Attachment[];
const at = (id: string) => `/files/${id}`;

test('inline pictures are shown in the editor, and kept as the e-mail needs them', () => {
  const kept = '<p>See</p><img alt="x" src="cid:f1@draft">';
  const shown = forEditor(kept, files, at);
  expect(shown).toBe('<p>See</p><img alt="x" src="/files/f1" data-cid="f1@draft">');
  expect(fromEditor('<img src="/files/f1">', files, at)).toBe('<img src="cid:f1@draft">');
});

test('pictures that are no files of the draft stay as they are', () => {
  const html = '<img src="cid:other"><img src="https://example.com/x.png">';
  expect(fromEditor(forEditor(html, files, at), files, at)).toBe(html);
});

test('richOf() keeps lines and paragraphs, and what looks like HTML', () => {
  expect(richOf('a\nb\n\n1 < 2')).toBe('<p>a<br>b</p><p>1 &lt; 2</p>');
});
