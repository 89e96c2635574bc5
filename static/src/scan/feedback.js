// A result can be heard and felt, so that nobody has to look at the screen while handing over a bag.

const TUNES = {
  done: { notes: [880, 1320], seconds: 0.11, vibration: [90] },
  refused: { notes: [220, 165], seconds: 0.22, vibration: [120, 80, 120] },
  unsure: { notes: [440], seconds: 0.25, vibration: [60, 60, 60] },
};

let audio = null;

// Browsers let a page sound only after a touch or a key.
export function allowSound() {
  for (const type of ["pointerdown", "keydown"]) {
    document.addEventListener(type, () => (audio ??= makeAudio()), { once: true, capture: true });
  }
}

function makeAudio() {
  const Audio = window.AudioContext ?? window.webkitAudioContext;
  return Audio ? new Audio() : null;
}

export function feedback(kind) {
  const tune = TUNES[kind];
  navigator.vibrate?.(tune.vibration);
  tune.notes.forEach((pitch, index) => sound(pitch, index * tune.seconds, tune.seconds));
}

function sound(pitch, delay, seconds) {
  if (!audio) return;
  const [tone, volume, start] = [audio.createOscillator(), audio.createGain(), audio.currentTime + delay];
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.25, start);
  volume.gain.exponentialRampToValueAtTime(0.001, start + seconds);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + seconds);
}
