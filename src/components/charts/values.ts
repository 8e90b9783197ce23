/** One measured round of the learning curve; shares from 0 to 1. */
export interface ICurveValue {
  nLabels: number;
  accuracy: number;
  low: number;
  high: number;
}

/** What random labels would have given. */
export interface IBaselineValue {
  nLabels: number;
  accuracy: number;
}
