import { expect, test } from 'vitest';
import type { Attachment } from '#domain/email/email.ts';
import { type EmailPageFacts, emailPage, isShown } from './email-page.ts';

const picture: Attachment = {
  id: '1',
  name: 'logo.png',
  type: 'image/png',
  size: 1,
  inline: true,
  contentId: 'logo@shop',
  scan: 'unscanned',
};

async function pageOf(facts: Partial<EmailPageFacts>): Promise<string> {
  const page = emailPage({ html: '', attachments: [], remoteImages: false, base: '/m', ...facts });
  return (await Array.fromAsync(page.content)).join('');
}

test('emailPage() shows inline images of the same e-mail', async () => {
  const html = '<img src="cid:logo@shop"><img src="cid:logo%40shop">';
  const page = await pageOf({ html, attachments: [picture] });
  expect(page.match(/src="\/m\/attachments\/1"/g)).toHaveLength(2);
});

test('emailPage() shows nothing for an image that is not there, or that could run', async () => {
  const drawing = { ...picture, type: 'image/svg+xml' };
  const page = await pageOf({ html: '<img src="cid:logo@shop">', attachments: [drawing] });
  expect(page).toContain('<img src="data:,">');
});

test('emailPage() lets nothing run and nothing out, and asks other servers only when told to', () => {
  const policy = (remoteImages: boolean) =>
    emailPage({ html: '', attachments: [], remoteImages, base: '' }).policy;
  expect(policy(false)).toContain("default-src 'none'; img-src 'self' data:; style-src");
  expect(policy(false)).not.toMatch(/https|allow-scripts|allow-forms/);
  expect(policy(true)).toContain("img-src 'self' data: https: http:;");
});

test('isShown() knows pictures from programs', () => {
  expect(['image/PNG', 'image/svg+xml', 'text/html', 'application/pdf'].map(isShown)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
