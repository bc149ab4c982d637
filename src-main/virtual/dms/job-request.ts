import { ApiError } from './api-error.ts';
import { awaitedIf } from './approval.ts';
import type { JobRequest, NewJob } from './job.ts';
import type { PackageSource } from './packages.ts';

/** Work as it is asked for, whoever is to have it. */
export type WorkRequest = Omit<JobRequest, 'device'>;

/**
 * What of a request counts for its operation.
 * @throws ApiError 400 when it lacks something, or names a package that is not offered
 */
export async function workOf(asked: WorkRequest, packages: PackageSource): Promise<Omit<NewJob, 'device'>> {
  return { ...(await operationOf(asked, packages)), ...awaitedIf(asked) };
}

async function operationOf(asked: WorkRequest, packages: PackageSource): Promise<Omit<NewJob, 'device'>> {
  const { operation, component } = asked;
  switch (operation) {
    case 'inventory':
      return { operation };
    case 'install':
      return { operation, ...(await packageOf(asked, packages, 'install')), ...wishOf(asked) };
    case 'update': {
      const id = asked.package ?? (await packageWith(component, packages));
      return { operation, ...(await packageOf({ ...asked, package: id }, packages, 'update')), ...wishOf(asked) };
    }
    case 'remove':
      if (component !== undefined) return { operation, component, ...wishOf(asked) };
      if (asked.package !== undefined) return { operation, package: asked.package, ...wishOf(asked) };
      throw new ApiError(400, 'job/component-missing', 'component: which one to remove');
    case 'activate':
    case 'deactivate':
      if (component === undefined)
        throw new ApiError(400, 'job/component-missing', `component: which one to ${operation}`);
      return { operation, component, ...wishOf(asked) };
    case 'ask':
      if (asked.question === undefined) throw new ApiError(400, 'job/invalid', 'question: what to ask');
      return { operation, question: asked.question };
    case 'firmware':
      return {
        operation,
        ...(asked.package === undefined ? {} : await packageOf(asked, packages, 'update')),
        ...(asked.firmware === undefined ? {} : { firmware: asked.firmware }),
      };
    case 'commands':
      if (asked.commands === undefined) throw new ApiError(400, 'job/invalid', 'commands: which ones');
      return { operation, commands: asked.commands };
  }
}

/** The package of a job, which this server offers; one that the handset has already may be any. */
async function packageOf(
  { package: id, software }: Pick<JobRequest, 'software'> & { readonly package?: string | undefined },
  packages: PackageSource,
  verb: string,
): Promise<{ readonly package: string }> {
  if (id === undefined) throw new ApiError(400, 'job/package-missing', `package: which one to ${verb}`);
  if (software?.delivery !== 'present' && (await packages.find(id)) === undefined) {
    throw new ApiError(400, 'job/package-unknown', `there is no package ${id}`);
  }
  return { package: id };
}

/** The package that has a component. */
async function packageWith(component: string | undefined, packages: PackageSource): Promise<string | undefined> {
  if (component === undefined) return undefined;
  const offered = await packages.list();
  const found = offered.find((pkg) => pkg.id === component || pkg.components?.some(({ id }) => id === component));
  if (found === undefined) throw new ApiError(400, 'job/package-unknown', `no package has ${component}`);
  return found.id;
}

function wishOf({ software }: WorkRequest): Pick<NewJob, 'software'> {
  return software === undefined ? {} : { software };
}
