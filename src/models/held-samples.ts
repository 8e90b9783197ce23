import type { ILeaseReply, IOwnAnnotationReply } from '../api/types';

/**
 * A sample that a view holds, with what the person has entered so far.
 */
export interface IHeldSample {
  lease: ILeaseReply;
  /** Classes toggled on, in multi-label projects. */
  selection: string[];
  flagged: boolean;
  comment: string;
  /** The answer that was undone, to be marked; null without one. */
  earlier: readonly string[] | null;
}

/** Which sample, and the end (and token) of its lease. */
type Renewal = Pick<ILeaseReply, 'sample_id' | 'expires_at'> &
  Partial<Pick<ILeaseReply, 'token'>>;

/**
 * The samples that one view holds, in the order in which they are shown.
 */
export class HeldSamples {
  /**
   * All of them, the current one first.
   */
  get all(): readonly IHeldSample[] {
    return this._all;
  }

  /**
   * The sample to label now.
   */
  get current(): IHeldSample | null {
    return this._all[0] ?? null;
  }

  /**
   * Leave the current sample: it is not taken up again unless it was put back.
   */
  take(): IHeldSample | null {
    const [held, ...rest] = this._all;
    if (!held) {
      return null;
    }
    this._all = rest;
    this._done.set(held.lease.sample_id, held.lease.token);
    return held;
  }

  /**
   * Make a sample that was taken the current one again.
   */
  putBack(held: IHeldSample): void {
    const { sample_id } = held.lease;
    this._done.delete(sample_id);
    this._all = [
      held,
      ...this._all.filter(other => other.lease.sample_id !== sample_id)
    ];
  }

  /**
   * Change what the person has entered for the current sample; false without one.
   */
  change(change: (held: IHeldSample) => IHeldSample): boolean {
    const [held, ...rest] = this._all;
    if (!held) {
      return false;
    }
    this._all = [change(held), ...rest];
    return true;
  }

  /**
   * Take up leased samples: new ones at the end, those held already with their new lease.
   *
   * @param isAnswered - whether an answer for a sample is on its way
   */
  add(
    leases: readonly ILeaseReply[],
    isAnswered: (sampleId: number) => boolean
  ): void {
    for (const lease of leases) {
      const { sample_id, token } = lease;
      // Asked to look at it again, a sample comes with a token of its own.
      const isDone = this._done.get(sample_id) === token;
      if (isDone || isAnswered(sample_id)) {
        continue;
      }
      const index = this._all.findIndex(
        held => held.lease.sample_id === sample_id
      );
      this._all =
        index < 0
          ? [...this._all, hold(lease)]
          : this._all.map((held, i) =>
              i === index ? renewed(held, lease) : held
            );
    }
  }

  /**
   * Prolong the leases that still stand, and drop the samples of those that don't.
   *
   * @param asked - the leases that were to be prolonged
   * @param still - those that were
   */
  prolong(asked: readonly ILeaseReply[], still: readonly Renewal[]): void {
    const standing = new Map(still.map(lease => [lease.sample_id, lease]));
    const gone = new Set(
      asked.map(lease => lease.sample_id).filter(id => !standing.has(id))
    );
    // The sample on screen stays: its answer is taken with or without a lease.
    this._all = this._all
      .filter(({ lease }, i) => i === 0 || !gone.has(lease.sample_id))
      .map(held => {
        const lease = standing.get(held.lease.sample_id);
        return lease ? renewed(held, lease) : held;
      });
  }

  private _all: IHeldSample[] = [];
  /** Samples taken in this sitting and not put back, with the token that they had. */
  private _done = new Map<number, string>();
}

function hold(lease: ILeaseReply): IHeldSample {
  return { lease, selection: [], flagged: false, comment: '', earlier: null };
}

/**
 * The sample of an answer that is taken back, before the server has leased it again.
 */
export function heldBefore(answer: IOwnAnnotationReply): IHeldSample {
  const { sample_id, sample_key, display, created_at, flagged } = answer;
  const lease = { sample_id, sample_key, display, rank: 0, token: '' };
  return {
    ...hold({ ...lease, expires_at: created_at }),
    flagged,
    comment: answer.comment ?? ''
  };
}

/** The display stays the same object, so that nothing is drawn anew. */
function renewed(held: IHeldSample, lease: Renewal): IHeldSample {
  const { expires_at, token = held.lease.token } = lease;
  return { ...held, lease: { ...held.lease, expires_at, token } };
}
