export { CreateBody } from './create-body';
export type { ICreateBodyProps } from './create-body';
