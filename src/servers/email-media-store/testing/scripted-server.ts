/** A mail server that says what a test has it say: for what no real server does. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { portOf } from '#platform/doors/port-of.ts';

export interface ScriptedServer extends AsyncDisposable {
  readonly port: number;
  /** Every line that came, of all connections. */
  readonly heard: string[];
  /** Resolves once a line that fits has come. */
  hears(pattern: RegExp): Promise<void>;
  /** Resolves once somebody has connected. */
  readonly connected: Promise<void>;
}

/** Says something to whoever sent a line; '' is said first to those who connect. */
export type Script = (line: string, socket: Socket) => void;

export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const heard: string[] = [];
  const waiting = new Set<() => void>();
  const connected = Promise.withResolvers<void>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    let held = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      held += text;
      for (let end = held.indexOf('\n'); end >= 0; end = held.indexOf('\n')) {
        const line = held.slice(0, end).replace(/\r$/, '');
        held = held.slice(end + 1);
        heard.push(line);
        for (const look of waiting) look();
        script(line, socket);
      }
    });
    connected.resolve();
    script('', socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    heard,
    connected: connected.promise,
    async hears(pattern) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = (): void => {
        if (heard.some((line) => pattern.test(line))) resolve();
      };
      waiting.add(look);
      look();
      await promise;
      waiting.delete(look);
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

type ImapAnswer = (tag: string, rest: string, socket: Socket) => void;

/** An IMAP server that is sound but for what `own` says to some commands, named as `UID FETCH`. */
export function imapScript(own: Readonly<Record<string, ImapAnswer>> = {}): Script {
  const usual: Readonly<Record<string, string>> = {
    CAPABILITY: '* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS IDLE\r\n',
    SELECT: '* 3 EXISTS\r\n* OK [UIDVALIDITY 7] fixed\r\n* OK [UIDNEXT 4] next\r\n',
    EXAMINE: '* 3 EXISTS\r\n* OK [UIDVALIDITY 7] fixed\r\n* OK [UIDNEXT 4] next\r\n',
    'UID SEARCH': '* SEARCH 1 2 3\r\n',
    LIST: '* LIST () "/" "INBOX"\r\n',
  };
  let signingIn = '';
  return (line, socket) => {
    const [, tag = '', name = '', rest = ''] = /^(\S+) ((?:UID )?\S+) ?(.*)$/.exec(line) ?? [];
    const command = name.toUpperCase();
    const answer = own[line === '' ? 'GREETING' : command];
    if (answer) return answer(tag, rest, socket);
    if (line === '') return void socket.write('* OK ready\r\n');
    if (signingIn !== '') {
      socket.write(`${signingIn} OK signed in\r\n`);
      signingIn = '';
      return;
    }
    if (command === 'AUTHENTICATE') {
      signingIn = tag;
      return void socket.write('+ \r\n');
    }
    socket.write(`${usual[command] ?? ''}${tag} OK done\r\n`);
  };
}

type Pop3Answer = (argument: string, socket: Socket) => void;

/** A POP3 server that is sound but for what `own` says to some commands. */
export function pop3Script(own: Readonly<Record<string, Pop3Answer>> = {}): Script {
  const usual: Readonly<Record<string, string>> = {
    GREETING: '+OK ready',
    CAPA: '+OK\r\nUIDL\r\nTOP\r\n.',
    UIDL: '+OK\r\n1 a\r\n2 b\r\n3 c\r\n.',
    LIST: '+OK\r\n1 20\r\n2 20\r\n3 20\r\n.',
    RETR: '+OK\r\nSubject: x\r\n\r\nhello\r\n.',
  };
  return (line, socket) => {
    const [name = '', argument = ''] = line.split(' ');
    const command = line === '' ? 'GREETING' : name.toUpperCase();
    const answer = own[command];
    if (answer) return answer(argument, socket);
    socket.write(`${usual[command] ?? '+OK'}\r\n`);
  };
}
