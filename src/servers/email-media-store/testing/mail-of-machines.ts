import { CUSTOMER, type CorpusMail } from './corpus-mail.ts';

const machine = (
  name: string,
  becomes: CorpusMail['becomes'],
  nature: CorpusMail['nature'],
  head: string,
  work: CorpusMail['work'] = 'none',
): CorpusMail => ({
  name,
  raw: `${head.trim()}\n\nThis is written by a machine.\n`,
  becomes,
  nature,
  work,
});

const MACHINES: readonly CorpusMail[] = [
  machine(
    'Gmail’s vacation responder',
    'join',
    'auto-reply',
    `Return-Path: <customer1@firm.example>
${CUSTOMER}
Precedence: bulk
X-Autoreply: yes
Auto-Submitted: auto-replied
In-Reply-To: {answer}
References: {answer}
Subject: Away until Monday Re: My order
Message-ID: <vacation@mail.gmail.com>`,
  ),
  machine(
    'Exchange’s automatic reply',
    'join',
    'auto-reply',
    `Return-Path: <>
${CUSTOMER}
Subject: Automatische Antwort: My order
Thread-Index: {child}
In-Reply-To: {answer}
Auto-Submitted: auto-generated
X-Auto-Response-Suppress: All
X-MS-Exchange-Inbox-Rules-Loop: customer1@firm.example`,
  ),
  machine(
    'Sieve’s vacation',
    'join',
    'auto-reply',
    `Return-Path: <>
${CUSTOMER}
Subject: Auto: My order
Auto-Submitted: auto-replied (vacation)
Precedence: bulk
In-Reply-To: {answer}
References: {first} {answer}`,
  ),
  machine(
    'a receipt',
    'join',
    'auto-reply',
    `Return-Path: <>
${CUSTOMER}
Subject: Read: My order
References: {answer}
Content-Type: multipart/report; report-type=disposition-notification; boundary=b`,
  ),
  machine(
    'the customer’s ticket system',
    'join',
    'auto-reply',
    `From: "Service desk" <desk@firm.example>
To: support@shop.example
Subject: [Ticket#2026060110000012] Re: My order
Auto-Submitted: auto-generated
Precedence: bulk
In-Reply-To: {answer}
References: {answer}`,
  ),
  machine(
    'a ticket system of a stranger',
    'open',
    'auto-reply',
    `From: desk@elsewhere.example
To: support@shop.example
Subject: [#12345] Received: My order
X-Auto-Response-Suppress: All
Auto-Submitted: auto-replied
In-Reply-To: {answer}`,
  ),
  machine(
    'a mailing list',
    'open',
    'list',
    `From: somebody@lists.example
To: list@lists.example
Cc: support@shop.example
Subject: [list] Sizes
List-Id: Sizes <list.lists.example>
List-Unsubscribe: <mailto:list-leave@lists.example>
Precedence: list
In-Reply-To: <other@lists.example>`,
    'enter',
  ),
  machine(
    'a digest',
    'open',
    'list',
    `From: list-request@lists.example
To: support@shop.example
Subject: list Digest, Vol 12, Issue 3
List-Id: <list.lists.example>
Reply-To: list@lists.example
Precedence: bulk
References: <d1@lists.example> <d2@lists.example>`,
    'enter',
  ),
  machine(
    'a shop’s notice',
    'open',
    'list',
    `From: orders@elsewhere.example
To: support@shop.example
Subject: An order has come in
Auto-Submitted: auto-generated`,
    'enter',
  ),
];

const REPORT = (original: string): string => `--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.elsewhere.example

Final-Recipient: rfc822; customer1@firm.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such user

--b
Content-Type: text/rfc822-headers

From: support@shop.example
Message-ID: ${original}
Subject: Re: My order

--b--`;

const returned = (name: string, head: string, body: string): CorpusMail => ({
  name,
  raw: `${head.trim()}\n\n${body}\n`,
  becomes: 'join',
  nature: 'bounce',
  work: 'enter',
});

const RETURNED: readonly CorpusMail[] = [
  returned(
    'Postfix’s report',
    `Return-Path: <>
From: MAILER-DAEMON@mx.elsewhere.example (Mail Delivery System)
To: support@shop.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-Id: <postfix@mx.elsewhere.example>
Content-Type: multipart/report; report-type=delivery-status; boundary=b`,
    REPORT('{answer}'),
  ),
  returned(
    'Exchange’s report, of the id that its server gave',
    `Return-Path: <>
From: <postmaster@exchange.firm.example>
To: support@shop.example
Subject: Unzustellbar: Re: My order
In-Reply-To: {server}
References: {server}
Auto-Submitted: auto-replied
X-MS-Exchange-Message-Is-Ndr:
Content-Type: multipart/report; report-type=delivery-status; boundary=b`,
    REPORT('{server}'),
  ),
  returned(
    'qmail’s words, with the mail’s head behind',
    `Return-Path: <>
From: MAILER-DAEMON@qmail.elsewhere.example
To: support@shop.example
Subject: failure notice`,
    `Hi. This is the qmail-send program.

<customer1@firm.example>:
Sorry, no mailbox here by that name.

--- Below this line is a copy of the message.

Message-ID: {answer}
From: support@shop.example`,
  ),
];

/** Mail that machines write: answers, lists, and what they return. */
export const MAIL_OF_MACHINES: readonly CorpusMail[] = [...MACHINES, ...RETURNED];
