/** How an agent learns of an offer while they look elsewhere: a chime, and a note of the system's. */
const SOUND_KEY = 'emcee.sound';

export const isSoundOn = (): boolean => localStorage.getItem(SOUND_KEY) !== 'off';

export function setSound(isOn: boolean): void {
  localStorage.setItem(SOUND_KEY, isOn ? 'on' : 'off');
}

/** Two rising notes, made here: no file to load, nothing for a content security policy to allow. */
const NOTES = [
  { frequency: 659, at: 0 },
  { frequency: 880, at: 0.16 },
] as const;
const LOUDNESS = 0.12;
const NOTE_LASTS = 0.28;

let audio: AudioContext | undefined;

/** Plays the chime. Browsers stay silent until the page has been clicked once: signing in does that. */
export function chime(): void {
  if (!isSoundOn()) return;
  audio ??= new AudioContext();
  const now = audio.currentTime;
  for (const { frequency, at } of NOTES) {
    const note = audio.createOscillator();
    const volume = audio.createGain();
    note.frequency.value = frequency;
    volume.gain.setValueAtTime(LOUDNESS, now + at);
    volume.gain.exponentialRampToValueAtTime(0.001, now + at + NOTE_LASTS);
    note.connect(volume).connect(audio.destination);
    note.start(now + at);
    note.stop(now + at + NOTE_LASTS);
  }
}

/** True while the system may still be asked whether it shows notes. */
export const canAskForNotes = (): boolean =>
  'Notification' in globalThis && Notification.permission === 'default';

/** Shows a note of the system's when this page is out of sight and the agent has allowed it. */
export function note(title: string, text: string): void {
  if (document.visibilityState === 'visible' && document.hasFocus()) return;
  if (!('Notification' in globalThis) || Notification.permission !== 'granted') return;
  const shown = new Notification(title, { body: text, tag: 'emcee-offer' });
  shown.addEventListener('click', () => {
    window.focus();
    shown.close();
  });
}
