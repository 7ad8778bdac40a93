import { expect, test } from 'vitest';
import { languageOf } from './language-of.ts';

test.each([
  ['de', 'Guten Tag, meine Bestellung ist noch nicht angekommen. Wann kann ich damit rechnen?'],
  ['en', 'Hello, my order has not arrived yet. When can I expect it?'],
  ['fr', 'Bonjour, ma commande n’est pas encore arrivée.'],
  ['es', 'Hola, mi pedido no ha llegado todavía.'],
  ['it', 'Buongiorno, il mio ordine non è ancora arrivato.'],
  ['nl', 'Goedendag, mijn bestelling is nog niet aangekomen.'],
  ['pl', 'Dzień dobry, moje zamówienie jeszcze nie dotarło.'],
  ['sv', 'Hej, min beställning har inte kommit än.'],
  ['ru', 'Здравствуйте, мой заказ ещё не пришёл.'],
  ['ja', '注文した商品がまだ届いていません。'],
  ['zh', '您好，我的订单还没有到。'],
  ['tr', 'Merhaba, siparişim hâlâ gelmedi. Ne zaman gelecek?'],
])('languageOf() tells %s by its words', (language, text) => {
  expect(languageOf(text, 'en-US')).toBe(language);
});

test('languageOf() counts no quotation, address or link', () => {
  const text = `Danke für die schnelle Antwort, es passt jetzt.
https://www.example.com/orders/where-is-my-order
> Hello, your order has been sent and will arrive tomorrow.
> Please tell us when it has not arrived by then, so that we can find out.`;
  expect(languageOf(text, '')).toBe('de');
});

test.each([
  ['', '', undefined],
  ['ok', 'de-DE', 'de-DE'],
  ['12345', 'fr, en', 'fr'],
  ['', ' pt-BR ', 'pt-BR'],
  ['Test', 'not a language', undefined],
  ['DE12 3456 7890 1234 5678 90', '', undefined],
])('languageOf() falls back on the header: "%s" with "%s" is %s', (text, header, language) => {
  expect(languageOf(text, header)).toBe(language);
});
