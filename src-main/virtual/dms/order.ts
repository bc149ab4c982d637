import { z } from 'zod';
import { Approval, Judgement } from './approval.ts';
import { Job, type NewJob } from './job.ts';

/** Work on every handset of a model, as it is kept. */
export const Order = z.object({
  id: z.string(),
  model: z.string(),
  state: z.enum(['open', 'closed']).meta({ description: 'open: a handset of the model that comes gets a job' }),
  until: z.string().optional(),
  work: Job.pick({
    operation: true,
    package: true,
    component: true,
    question: true,
    commands: true,
    firmware: true,
    software: true,
    requestedBy: true,
  }),
  approval: Approval.optional(),
  judgement: Judgement.optional(),
  /** Handsets that have had their job, which may be forgotten before the order is. */
  served: z.array(z.string()),
});
export type Order = Readonly<z.infer<typeof Order>>;

/** An order as outside systems see it. */
export const OrderView = Order.omit({ work: true, served: true }).extend({
  operation: Job.shape.operation,
  package: z.string().optional(),
  component: z.string().optional(),
  requestedBy: z.string().optional(),
  jobs: z
    .array(Job.pick({ id: true, device: true, state: true, approval: true, resultCode: true, message: true }))
    .meta({ description: 'one for each handset, as far as they are still kept' }),
});
export type OrderView = z.infer<typeof OrderView>;

/** The job of one handset of an order. */
export function jobOfOrder(order: Order, device: string): NewJob {
  const { id, model, work, approval, judgement } = order;
  return {
    ...work,
    ...{ device, model, order: id },
    ...(approval === undefined ? {} : { approval }),
    ...(judgement === undefined ? {} : { judgement }),
  };
}

export function orderView({ work, served: _served, ...order }: Order, jobs: readonly Job[]): OrderView {
  const { operation, package: pkg, component, requestedBy } = work;
  return {
    ...order,
    operation,
    ...(pkg === undefined ? {} : { package: pkg }),
    ...(component === undefined ? {} : { component }),
    ...(requestedBy === undefined ? {} : { requestedBy }),
    jobs: jobs.filter((job) => job.order === order.id).map(rowOf),
  };
}

function rowOf({ id, device, state, approval, resultCode, message }: Job): OrderView['jobs'][number] {
  return {
    ...{ id, device, state },
    ...(approval === undefined ? {} : { approval }),
    ...(resultCode === undefined ? {} : { resultCode }),
    ...(message === undefined ? {} : { message }),
  };
}
