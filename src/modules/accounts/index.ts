/** The face of accounts: who is calling, and what they may do. */
export { citizenContract, contract } from './contract.ts';
export { citizenRoutes, officerRoutes, type OfficerAccountsOptions } from './routes.ts';
export { refusals } from './errors.ts';
export { citizenJobs, officerJobs } from './jobs.ts';
export { identifyOfficer, officerCookie } from './officer-session.ts';
export { citizenCookie, citizenIdentifier, getCitizenIdentity, type CitizenIdentity, type CitizenSignInOptions } from './citizens.ts';
export { certificateHeader, certificateOf } from './certificates.ts';
export { clashingServices, mayHandle, type Verdict } from './rights.ts';
export { loadRoles, readRoles, rightsOf, roleDirectory, type Role } from './roles.ts';
export { assignPost, endPost, listHolders, type Holder } from './posts.ts';
export { registerOfficer } from './officers.ts';
export { currentDemoCode, demoSecret } from './codes.ts';
export { demoPassword, seedDemoOfficers, type DemoOfficer } from './demo.ts';
