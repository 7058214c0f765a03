// Why a job does not start although it could, in words.

const REASONS = {
  paused: { short: "paused", long: "Its type, or everything, is paused. It goes on when somebody resumes it." },
  concurrency: { short: "limit", long: "As many jobs of its type run as may. It starts when one of them ends." },
  rate: { short: "rate", long: "As many jobs of its type were started as may for now. It starts when the rate allows it." },
  unique: { short: "unique key", long: "Another job has its unique key. It starts when that one has ended." },
};

/** `{ short, long }`; a reason that this page does not know yet is told by its own name. */
export function heldWords(reason) {
  return REASONS[reason] ?? { short: String(reason), long: `Held back: ${reason}.` };
}
