/** The fewest and the most digits of a payment card number. @see ISO/IEC 7812-1 §4 */
const FEWEST = 13;
const MOST = 19;

/** A UUID, which is left alone, or a run of digits with single blanks or dashes between them. */
const UUID_OR_DIGITS = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|(?<run>\d(?:[ -]?\d){12,})/gi;

/**
 * Hides every payment card number in `text` but its last four digits: `4111 1111 1111 1111` becomes
 * `•••• •••• •••• 1111`. A card number is 13 to 19 digits, also with blanks or dashes between them, whose
 * check digit is right; one number in ten that only looks like a card is hidden too.
 */
export function maskCardNumbers(text: string): string {
  if (text.length < FEWEST) return text;
  return text.replaceAll(UUID_OR_DIGITS, (whole, run: string | undefined) =>
    run === undefined ? whole : maskRun(run),
  );
}

/** A run may hold a card number with other digits before or behind it, but those stand apart from it. */
function maskRun(run: string): string {
  const groups = [...run.matchAll(/\d+/g)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }));
  let masked = run;
  for (let first = 0; first < groups.length; first++) {
    // The longest that fits goes first: a number of 19 digits may begin with a sound one of 16.
    for (let last = Math.min(first + MOST, groups.length) - 1; last >= first; last--) {
      const from = groups[first]?.from ?? 0;
      const to = groups[last]?.to ?? 0;
      if (!isCardNumber(run.slice(from, to).replaceAll(/\D/g, ''))) continue;
      masked = masked.slice(0, from) + hide(run.slice(from, to)) + masked.slice(to);
      first = last;
      break;
    }
  }
  return masked;
}

function hide(number: string): string {
  let left = number.replaceAll(/\D/g, '').length;
  return number.replaceAll(/\d/g, (digit) => (left-- > 4 ? '•' : digit));
}

function isCardNumber(digits: string): boolean {
  if (digits.length < FEWEST || digits.length > MOST) return false;
  // No card begins so; milliseconds since 1970 do, until 2033.
  if (digits.length === FEWEST && digits.startsWith('1')) return false;
  return !/^0+$/.test(digits) && hasSoundCheckDigit(digits);
}

/** @see ISO/IEC 7812-1 annex B (the Luhn formula) */
function hasSoundCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = digit * 2;
    if (at % 2 === 0) sum += digit;
    else sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
