import type { FastifyInstance } from 'fastify';
import { ApiError, parseOrRefuse } from './api-error.ts';
import { Model } from './device-id.ts';
import type { Outside } from './outside.ts';
import type { PackageSource } from './packages.ts';
import { RuleRequest } from './rules.ts';
import { ScheduleRequest } from './schedules.ts';
import { checkWanted } from './wanted.ts';

interface PolicyRoutesOptions extends Pick<Outside, 'rules' | 'schedules' | 'review' | 'stir'> {
  readonly packages: PackageSource;
}

/** `/api/v1/rules`: what every handset of a model is to have. */
export function ruleRoutes(app: FastifyInstance, { rules, packages, review }: PolicyRoutesOptions): void {
  const modelOf = (params: { readonly model: string }): string =>
    parseOrRefuse(Model, params.model, 'rule/model-invalid');
  app.get('/api/v1/rules', async () => ({ rules: rules.list() }));
  app.get<{ Params: { model: string } }>('/api/v1/rules/:model', async ({ params }) => {
    const rule = rules.get(modelOf(params));
    if (rule === undefined) throw new ApiError(404, 'rule/unknown', 'there is no rule for this model');
    return rule;
  });
  app.put<{ Params: { model: string } }>('/api/v1/rules/:model', async (request, reply) => {
    const model = modelOf(request.params);
    const asked = parseOrRefuse(RuleRequest, request.body, 'rule/invalid');
    await checkWanted(asked.packages, packages, model, 'rule/package-unknown');
    const isNew = rules.get(model) === undefined;
    const rule = rules.put(model, asked);
    await review(model);
    return reply.code(isNew ? 201 : 200).send(rule);
  });
  app.delete<{ Params: { model: string } }>('/api/v1/rules/:model', async ({ params }, reply) => {
    rules.delete(modelOf(params));
    return reply.code(204).send();
  });
}

/** `/api/v1/schedules`: inventories that are read again and again. */
export function scheduleRoutes(app: FastifyInstance, { schedules, packages, stir }: PolicyRoutesOptions): void {
  app.get('/api/v1/schedules', async () => ({ schedules: schedules.list() }));
  app.get<{ Params: { id: string } }>('/api/v1/schedules/:id', async ({ params }) => schedules.get(params.id));
  app.post('/api/v1/schedules', async (request, reply) => {
    const asked = parseOrRefuse(ScheduleRequest, request.body, 'schedule/invalid');
    await checkWanted(asked.wanted, packages, asked.model, 'schedule/package-unknown');
    const schedule = schedules.add(asked);
    stir();
    return reply.code(201).header('location', `/api/v1/schedules/${schedule.id}`).send(schedule);
  });
  app.delete<{ Params: { id: string } }>('/api/v1/schedules/:id', async ({ params }, reply) => {
    schedules.delete(params.id);
    return reply.code(204).send();
  });
}
