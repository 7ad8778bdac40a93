import { expect, test } from 'vitest';
import { letterText } from './letter-text.ts';

test.each([
  ['<p>Hello <b>you</b>,</p><p>one<br>two</p>', 'Hello you,\n\none\ntwo'],
  ['<p>see <a href="https://x.example/y">this</a></p>', 'see this <https://x.example/y>'],
  [
    '<a href="https://x.example/">x.example</a> <a href="mailto:a@x.example">a@x.example</a>',
    'x.example a@x.example',
  ],
  [
    '<ul><li>one</li><li>two<ol><li>a</li><li>b</li></ol></li></ul>',
    '- one\n- two\n  1. a\n  2. b',
  ],
  [
    '<p>mine</p><blockquote type="cite"><p>yours</p><blockquote>before</blockquote></blockquote>',
    'mine\n\n> yours\n>\n> > before',
  ],
  ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>', 'a b\nc d'],
  ['<pre>  a\n    b</pre>', '  a\n    b'.trim()],
  ['<p>a &lt; b &amp; c</p>', 'a < b & c'],
  ['<p></p><p></p><p>x</p>', 'x'],
  ['<p><img alt="Logo" src="cid:x"> text</p>', 'Logo text'],
])('letterText() of %s', (html, text) => {
  expect(letterText(html)).toBe(text);
});
