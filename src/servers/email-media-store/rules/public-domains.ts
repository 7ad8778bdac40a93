const PUBLIC_DOMAINS: ReadonlySet<string> = new Set(
  `gmail.com googlemail.com outlook.com outlook.de outlook.fr hotmail.com hotmail.de hotmail.fr hotmail.co.uk
  hotmail.it hotmail.es live.com live.de live.fr live.co.uk live.nl msn.com yahoo.com yahoo.de yahoo.fr yahoo.co.uk
  yahoo.it yahoo.es yahoo.co.jp yahoo.co.in yahoo.com.br ymail.com rocketmail.com aol.com aol.de icloud.com me.com mac.com
  proton.me protonmail.com pm.me tutanota.com tuta.io posteo.de mailbox.org gmx.de gmx.net gmx.at gmx.ch gmx.com web.de
  t-online.de freenet.de arcor.de online.de 1und1.de vodafone.de email.de mail.de mail.com mail.ru bk.ru inbox.ru list.ru
  yandex.ru yandex.com rambler.ru ukr.net i.ua orange.fr wanadoo.fr free.fr sfr.fr laposte.net neuf.fr bbox.fr libero.it
  virgilio.it tiscali.it alice.it tin.it fastwebnet.it telefonica.net terra.es ono.com sapo.pt uol.com.br bol.com.br
  terra.com.br ig.com.br ziggo.nl kpnmail.nl home.nl planet.nl xs4all.nl hetnet.nl telenet.be skynet.be proximus.be
  bluewin.ch hispeed.ch sunrise.ch aon.at chello.at a1.net telia.com bredband.net comhem.se online.no mail.dk jubii.dk
  wp.pl o2.pl onet.pl interia.pl op.pl gazeta.pl seznam.cz centrum.cz volny.cz email.cz azet.sk zoznam.sk freemail.hu
  citromail.hu abv.bg mail.bg btinternet.com virginmedia.com ntlworld.com sky.com talktalk.net blueyonder.co.uk
  comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net optonline.net rogers.com
  shaw.ca sympatico.ca telus.net bigpond.com optusnet.com.au xtra.co.nz qq.com 163.com 126.com sina.com sohu.com foxmail.com
  aliyun.com naver.com daum.net hanmail.net docomo.ne.jp ezweb.ne.jp softbank.ne.jp rediffmail.com zoho.com fastmail.com
  fastmail.fm hushmail.com hey.com duck.com gmx.fr gmx.co.uk mail.ee inbox.lv walla.co.il`.split(
    /\s+/,
  ),
);

/**
 * Whether everybody can have an address there, so that the domain is not one organisation. Such a list is never
 * complete, and nothing depends on it alone: who wants into a conversation also needs one of its message ids,
 * which nobody can guess.
 */
export const isPublicDomain = (domain: string): boolean => PUBLIC_DOMAINS.has(domain);
