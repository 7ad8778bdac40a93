import { CUSTOMER, type CorpusMail } from './corpus-mail.ts';

const person = (
  name: string,
  becomes: CorpusMail['becomes'],
  head: string,
  body = 'Thank you, but it is the wrong size.',
): CorpusMail => ({
  name,
  raw: `${head.trim()}\n\n${body}\n`,
  becomes,
  nature: 'personal',
  work: 'enter',
});

const ANSWERS: readonly CorpusMail[] = [
  person(
    'Gmail in a browser',
    'join',
    `MIME-Version: 1.0
References: {first} {answer}
In-Reply-To: {answer}
${CUSTOMER}
Date: Mon, 1 Jun 2026 12:00:00 +0200
Message-ID: <CAJx7Qk-9vN2=made+up@mail.gmail.com>
Subject: Re: My order
Content-Type: text/plain; charset="UTF-8"`,
  ),
  person(
    'Outlook by Exchange Online',
    'join',
    `${CUSTOMER}
Subject: AW: My order
Thread-Topic: My order
Thread-Index: {child}
Date: Mon, 1 Jun 2026 10:00:00 +0000
Message-ID: <AM9PR01MB1234@AM9PR01MB1234.eurprd01.prod.exchangelabs.example>
References: {first}
\t{answer}
In-Reply-To: {answer}
Accept-Language: de-DE, en-US
Content-Language: de-DE
X-MS-Has-Attach:
Content-Type: text/plain; charset="iso-8859-1"`,
  ),
  person(
    'Outlook where Exchange gave our answer another id',
    'join',
    `${CUSTOMER}
Subject: RE: My order
Message-ID: <0b1c@exchange.firm.example>
References: {server}
In-Reply-To: {server}`,
  ),
  person(
    'Outlook behind a gateway that rewrote all ids: thread, subject and correspondent are left',
    'join',
    `${CUSTOMER}
Subject: RE: My order
Thread-Topic: My order
Thread-Index: {child}
Message-ID: <1@gateway.firm.example>
In-Reply-To: <0@gateway.firm.example>`,
  ),
  person(
    'Outlook of old, which writes no References',
    'join',
    `${CUSTOMER}
Subject: RE: My order
In-Reply-To: {answer}
X-Mailer: Microsoft Office Outlook 12.0
Thread-Index: AcoqZ==
Message-ID: <000001ca2a67$@firm.example>`,
  ),
  person(
    'Outlook.com, which keeps only some references',
    'join',
    `${CUSTOMER}
Subject: Re: My order
References: {first}
 <a@b.example>,{answer}
In-Reply-To: {answer}
Message-ID: <DB7@eur.prod.outlook.example>`,
  ),
  person(
    'Apple Mail on a Mac, with the reference on a line of its own',
    'join',
    `${CUSTOMER}
Mime-Version: 1.0 (Mac OS X Mail 16.0)
Subject: Re: My order
In-Reply-To:
 {answer}
References:
 {first}
 {answer}
Message-Id: <5C7E@firm.example>
X-Mailer: Apple Mail (2.3696)`,
  ),
  person(
    'Mail on an iPhone',
    'join',
    `Content-Type: text/plain; charset=us-ascii
${CUSTOMER}
Mime-Version: 1.0 (1.0)
Subject: Re: My order
References: {answer}
In-Reply-To: {answer}
X-Mailer: iPhone Mail (21A329)
Message-Id: <7F@firm.example>`,
  ),
  person(
    'Yahoo',
    'join',
    `${CUSTOMER}
Message-ID: <1203.456.789@mail.yahoo.example>
In-Reply-To: {answer}
References: {first} {answer}
Subject: Re: My order
X-Mailer: WebService/1.1`,
  ),
  person(
    'Thunderbird',
    'join',
    `Message-ID: <9f8e7d6c-1234@firm.example>
User-Agent: Mozilla Thunderbird
Subject: Re: My order
${CUSTOMER}
References: {first}
 {answer}
Content-Language: en-US
In-Reply-To: {answer}`,
  ),
  person(
    'GMX, with the prefix of its language',
    'join',
    `${CUSTOMER}
Message-ID: <trinity-1234@3c-app-gmx>
Subject: Aw: My order
References: {first} {answer}
X-UI-Message-Type: mail`,
  ),
  person(
    'a Swedish program',
    'join',
    `${CUSTOMER}
Subject: SV: My order
In-Reply-To: {answer}
Message-ID: <s1@firm.example>`,
  ),
  person(
    'Lotus Notes, with words before the id',
    'join',
    `${CUSTOMER}
Subject: Antwort: My order
In-Reply-To: Your message of "Mon, 01 Jun 2026 09:00:00 +0200" {answer}
X-Mailer: Lotus Notes Release 9
Message-ID: <OF1@firm.example>`,
  ),
  person(
    'a phone that keeps no header, but the address',
    'join',
    `From: customer1@firm.example
To: {plus}
Subject: My order
Message-ID: <android-1@firm.example>`,
  ),
  person(
    'a phone that writes the address in capitals, in Cc',
    'join',
    `From: customer1@firm.example
To: somebody@firm.example
Cc: "Support" <{PLUS}>
Subject: Re: My order`,
  ),
  person(
    'a reply to one’s own first mail',
    'join',
    `${CUSTOMER}
Subject: Re: My order
References: {first}
In-Reply-To: {first}
Message-ID: <again@firm.example>`,
  ),
  person(
    'a reply under another subject',
    'join',
    `${CUSTOMER}
Subject: Invoice 4711
References: {first} {answer}
In-Reply-To: {answer}
Message-ID: <other@firm.example>`,
  ),
  person(
    'a long thread, cut in the middle',
    'join',
    `${CUSTOMER}
Subject: Re: My order
References: {first} ${Array.from({ length: 300 }, (_, at) => `<r${at}@firm.example>`).join('\n ')}
Message-ID: <long@firm.example>`,
  ),
  person(
    'a colleague of the customer’s',
    'join',
    `From: "Customer 2" <customer2@firm.example>
To: support@shop.example
Subject: WG: My order
References: {first} {answer}
In-Reply-To: {answer}
Message-ID: <colleague@firm.example>`,
  ),
  person(
    'an answer to a meeting',
    'join',
    `${CUSTOMER}
Subject: Accepted: My order
In-Reply-To: {answer}
Thread-Index: {child}
Message-ID: <cal@firm.example>
Content-Type: text/calendar; method=REPLY`,
    'BEGIN:VCALENDAR\nEND:VCALENDAR',
  ),
];

const OTHERS: readonly CorpusMail[] = [
  person(
    'a new mail of the same customer',
    'open',
    `${CUSTOMER}
Subject: My order
Message-ID: <new@firm.example>`,
  ),
  person(
    'a new mail in Outlook’s thread of before, about something else',
    'open',
    `${CUSTOMER}
Subject: My invoice
Thread-Index: {child}
Message-ID: <new2@firm.example>`,
  ),
  person(
    'empty references',
    'open',
    `${CUSTOMER}
Subject: Re: My order
References: <>
In-Reply-To: < >
Message-ID:`,
  ),
  person(
    'a ticket number that somebody guessed',
    'open',
    `From: somebody@elsewhere.example
To: support@shop.example
Subject: [#4711] Re: My order
Message-ID: <guess@elsewhere.example>`,
  ),
  person(
    'what the customer passed on to a stranger, who answers us',
    'open',
    `From: somebody@elsewhere.example
To: support@shop.example
Subject: Re: Fwd: My order
References: {first} {answer} <fwd@firm.example>
In-Reply-To: <fwd@firm.example>
Message-ID: <stranger@elsewhere.example>`,
  ),
  person(
    'a stranger who knows the address for answers',
    'open',
    `From: somebody@elsewhere.example
To: {plus}
Subject: Re: My order
Message-ID: <stranger2@elsewhere.example>`,
  ),
  person(
    'a stranger in Outlook’s thread',
    'open',
    `From: somebody@elsewhere.example
To: support@shop.example
Subject: RE: My order
Thread-Index: {child}`,
  ),
];

/** Mail that people write, with what their programs make of it. */
export const MAIL_OF_PEOPLE: readonly CorpusMail[] = [...ANSWERS, ...OTHERS];
