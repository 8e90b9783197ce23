export { ClassBalance } from './class-balance';
export type { IClassBalanceProps, IClassValue } from './class-balance';
export { ConfusedClasses } from './confused-classes';
export type { IConfusedClassesProps } from './confused-classes';
export {
  accuracy,
  ago,
  count,
  duration,
  fullAccuracy,
  language,
  percent,
  share
} from './format';
export type { IInterval } from './format';
export { LearningCurve } from './learning-curve';
export type { ILearningCurveProps } from './learning-curve';
export { Sparkline } from './sparkline';
export type { ISparklineProps } from './sparkline';
export type { IBaselineValue, ICurveValue } from './values';
export { UtilityHistogram } from './utility-histogram';
export type { IUtilityHistogramProps } from './utility-histogram';
