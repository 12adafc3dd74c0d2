export { generatePopulation, generateStations, type PopulationOptions } from './generate.ts';
export { loadDemoStations, type DemoStation } from './stations.ts';
export type * from './rows.ts';
export { pickDemoCast, type CastPlaces, type DemoCast } from './cast.ts';
