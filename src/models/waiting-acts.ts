/** How many keys may wait for samples that are on their way. */
const MOST_WAITING = 20;

/**
 * What is pressed while the next sample is still on its way.
 *
 * An act waits for the sample that it is for, and is carried out when that sample is on screen: fast
 * fingers never label a sample that nobody saw.
 */
export class WaitingActs {
  constructor(private _now: () => number) {}

  /**
   * How many acts wait.
   */
  get count(): number {
    return this._acts.length;
  }

  /**
   * For how many seconds the sample on screen has been there.
   */
  get secondsShown(): number {
    return (this._now() - this._shownAt) / 1000;
  }

  /**
   * Whether acts for this sample are carried out at once.
   */
  isShown(sampleId: number | null): boolean {
    return sampleId !== null && sampleId === this._shown;
  }

  /**
   * Say that a sample is on screen.
   */
  markShown(sampleId: number): void {
    if (this._shown !== sampleId) {
      this._shown = sampleId;
      this._shownAt = this._now();
    }
  }

  /**
   * Say that no sample is on screen: the next act waits.
   */
  markLeft(): void {
    this._shown = null;
  }

  /**
   * Let an act wait; false when too many do.
   */
  add(act: () => void): boolean {
    if (this._acts.length >= MOST_WAITING) {
      return false;
    }
    this._acts.push(act);
    return true;
  }

  /**
   * Forget the act that was added last; false without one.
   */
  dropLast(): boolean {
    return this._acts.pop() !== undefined;
  }

  /**
   * Forget all acts.
   */
  clear(): void {
    this._acts = [];
  }

  /**
   * Carry out the acts that waited, as long as the sample that they are for is on screen.
   *
   * @param current - the sample to act on, looked up anew after each act
   */
  run(current: () => number | null): void {
    while (this.isShown(current())) {
      const act = this._acts.shift();
      if (!act) {
        return;
      }
      act();
    }
  }

  private _acts: (() => void)[] = [];
  private _shown: number | null = null;
  private _shownAt = 0;
}
