/** Reads the catalogue from its files. A fault in a file stops the program and names the place. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { conditions } from './conditions.ts';
import type { Policy } from './policy.ts';
import type { Material, Service } from './service.ts';

export const catalogueDirectory = join(import.meta.dirname, '../../../catalogue');

export interface Catalogue {
  services: ReadonlyMap<string, Service>;
  materials: ReadonlyMap<string, Material>;
  policy: Policy;
}

/**
 * @param directory the folder that holds services/ and materials.json
 * @throws Error naming file, place and unresolved name
 */
export function loadCatalogue(directory: string = catalogueDirectory): Catalogue {
  const materials = new Map(Object.entries(JSON.parse(readFileSync(join(directory, 'materials.json'), 'utf8')) as Record<string, Material>));
  const services = new Map<string, Service>();
  for (const file of readdirSync(join(directory, 'services')).filter((name) => name.endsWith('.json')).sort()) {
    const service = JSON.parse(readFileSync(join(directory, 'services', file), 'utf8')) as Service;
    const fault = (text: string): never => {
      throw new Error(`catalogue/services/${file}: ${text}`);
    };
    if (`${service.code}.json` !== file) fault(`the code is ${service.code}`);
    for (const { code, when, required } of service.materials) {
      if (!materials.has(code)) fault(`material ${code} is not in materials.json`);
      if (required === 'when' && (when === undefined || !(when in conditions))) fault(`material ${code}: condition ${when} is unknown`);
    }
    for (const section of service.form) {
      for (const field of section.fields) if (field.when !== undefined && !(field.when in conditions)) fault(`field ${field.name}: condition ${field.when} is unknown`);
    }
    service.route.forEach((step, index) => {
      if (step.step !== index + 1) fault(`step ${index + 1} carries the number ${step.step}`);
    });
    services.set(service.code, service);
  }
  const policy = JSON.parse(readFileSync(join(directory, 'policy.json'), 'utf8')) as Policy;
  return { services, materials, policy };
}

let loaded: Catalogue | undefined;

/** The catalogue of this installation, read once. */
export function catalogue(): Catalogue {
  return (loaded ??= loadCatalogue());
}
