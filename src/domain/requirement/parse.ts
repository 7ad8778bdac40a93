/** Requirements as people write them: the language that `printExpression` prints. */
import { AttributeId, SkillId } from '../ids.ts';
import { AttributeValue, Expression, SkillLevel } from './requirement.ts';

/** An expression, or one sentence about the first thing that is wrong and where it begins, from 0. */
export type ParsedExpression =
  | { readonly type: 'parsed'; readonly expression: Expression }
  | { readonly type: 'refused'; readonly message: string; readonly at: number };

/** Longer than anybody can read. */
const LONGEST_TEXT = 10_000;

/** More parentheses within each other than any expression has. */
const DEEPEST = 20;

/** As many as a list of an expression may have. */
const LONGEST_LIST = 30;

const TOKEN =
  /\s*(?:(?<word>[\p{L}\p{N}._-]+)|(?<quoted>"(?:[^"\\]|\\.)*")|(?<sign>>=|≥|[(),|:<>=]))/uy;

interface Token {
  readonly type: 'word' | 'quoted' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/**
 * Reads a requirement: `french>=5 and (sales or billing) and site: berlin | paris`, `2 of (french, sales)`.
 * Skills and attributes are named by their ids; values with anything but letters, digits, ".", "_" and "-"
 * stand in quotation marks. "and" and "or" side by side need parentheses.
 *
 * What `printExpression` wrote comes back as it was, but for groups of one, which are what they hold.
 */
export function parseExpression(text: string): ParsedExpression {
  try {
    if (text.length > LONGEST_TEXT)
      throw new Unreadable('This is too long to be read', LONGEST_TEXT);
    const reader = new Reader(tokensOf(text));
    const expression = reader.expression(0);
    reader.end();
    if (Expression.safeParse(expression).success) return { type: 'parsed', expression };
    throw new Unreadable('There are too many groups within each other', 0);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { type: 'refused', message: error.message, at: error.at };
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < end;) {
    const from = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    if (!groups) {
      const at = from + (text.slice(from).match(/^\s*/)?.[0].length ?? 0);
      const message =
        text[at] === '"'
          ? 'This quotation mark is never closed'
          : `“${text[at]}” means nothing here`;
      throw new Unreadable(message, at);
    }
    for (const type of ['word', 'quoted', 'sign'] as const) {
      const found = groups[type];
      if (found !== undefined)
        tokens.push({ type, text: found, at: TOKEN.lastIndex - found.length });
    }
  }
  tokens.push({ type: 'end', text: 'the end', at: end });
  return tokens;
}

/** Reads from the left to the right; each method what it is named after. */
class Reader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  expression(depth: number): Expression {
    const first = this.#part(depth);
    const joint = this.#joint();
    if (!joint) return first;
    const of = [first];
    for (let each = joint; ;) {
      const { at } = this.#take();
      of.push(this.#part(depth));
      if (of.length > LONGEST_LIST)
        throw new Unreadable(`A list has at most ${LONGEST_LIST} parts`, at);
      const next = this.#joint();
      if (!next) return { type: joint === 'and' ? 'all' : 'any', of };
      if (next !== each) {
        throw new Unreadable('“and” and “or” stand side by side: put parentheses', this.#peek().at);
      }
      each = next;
    }
  }

  end(): void {
    const { type, text, at } = this.#peek();
    if (type === 'end') return;
    throw new Unreadable(
      text === ')' ? '“)” closes nothing' : `“and” or “or” is missing before ${text}`,
      at,
    );
  }

  #part(depth: number): Expression {
    const token = this.#peek();
    if (depth > DEEPEST)
      throw new Unreadable('There are too many parentheses within each other', token.at);
    if (token.text === '(') {
      this.#take();
      const expression = this.expression(depth + 1);
      this.#sign(')');
      return expression;
    }
    if (/^\d+$/.test(token.text) && this.#peek(1).text.toLowerCase() === 'of') {
      return this.#atLeast(depth);
    }
    return this.#leaf();
  }

  #atLeast(depth: number): Expression {
    const { text, at } = this.#take();
    this.#take();
    this.#sign('(');
    const of = [this.expression(depth + 1)];
    while (this.#peek().text === ',') {
      this.#take();
      of.push(this.expression(depth + 1));
    }
    this.#sign(')');
    if (of.length > LONGEST_LIST)
      throw new Unreadable(`A list has at most ${LONGEST_LIST} parts`, at);
    const count = Number(text);
    if (count < 1 || count > of.length) {
      throw new Unreadable(`At least ${text} of ${of.length} cannot be asked for`, at);
    }
    return { type: 'at-least', count, of };
  }

  #leaf(): Expression {
    const token = this.#take();
    const isJoint = token.type === 'word' && /^(?:and|or)$/i.test(token.text);
    if (token.type === 'sign' || token.type === 'end' || isJoint) {
      const before = isJoint || token.type === 'sign' ? `“${token.text}”` : 'the end';
      throw new Unreadable(`A skill or an attribute is missing before ${before}`, token.at);
    }
    const id = idOf(token);
    const sign = this.#peek().type === 'sign' ? this.#peek().text : '';
    if (sign === ':') {
      this.#take();
      return { type: 'attribute', attribute: AttributeId.parse(id), values: this.#values() };
    }
    if (sign === '<' || sign === '>' || sign === '=') {
      throw new Unreadable('Levels are compared with >= alone: french>=5', this.#peek().at);
    }
    if (sign !== '>=' && sign !== '≥') return { type: 'skill', skill: SkillId.parse(id), level: 1 };
    this.#take();
    const { text, at } = this.#take();
    const level = SkillLevel.safeParse(/^\d+$/.test(text) ? Number(text) : text);
    if (!level.success) throw new Unreadable('A level is a whole number from 1 to 10', at);
    return { type: 'skill', skill: SkillId.parse(id), level: level.data };
  }

  #values(): string[] {
    const values: string[] = [];
    for (;;) {
      const token = this.#take();
      if (token.type === 'sign' || token.type === 'end') {
        throw new Unreadable('A value is missing, as in site: berlin | paris', token.at);
      }
      const value = AttributeValue.safeParse(textOf(token));
      if (!value.success) throw new Unreadable('A value has 1 to 64 characters', token.at);
      values.push(value.data);
      if (values.length > LONGEST_LIST) {
        throw new Unreadable(`A list has at most ${LONGEST_LIST} values`, token.at);
      }
      if (this.#peek().text !== '|') return values;
      this.#take();
    }
  }

  /** The word that joins what stands before and after it, if there is one. */
  #joint(): 'and' | 'or' | undefined {
    const { type, text } = this.#peek();
    const word = type === 'word' ? text.toLowerCase() : '';
    return word === 'and' || word === 'or' ? word : undefined;
  }

  #sign(sign: string): void {
    const { text, at } = this.#take();
    if (text !== sign) throw new Unreadable(`“${sign}” is missing`, at);
  }

  #peek(ahead = 0): Token {
    return this.#tokens[this.#next + ahead] ?? this.#tokens.at(-1)!;
  }

  #take(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }
}

function idOf(token: Token): string {
  const id = textOf(token).toLowerCase();
  const parsed = SkillId.safeParse(id);
  if (parsed.success) return id;
  throw new Unreadable(`“${textOf(token)}” is no id of a skill or an attribute`, token.at);
}

function textOf({ type, text, at }: Token): string {
  if (type !== 'quoted') return text;
  try {
    return String(JSON.parse(text));
  } catch {
    throw new Unreadable('What stands in these quotation marks cannot be read', at);
  }
}
