import { bindRoutes, type BoundOperation, type NetworkKeys } from '../../kernel/index.ts';
import { listAudit } from './audit.ts';
import { citizenSignIn, type CitizenSignInOptions } from './citizens.ts';
import { citizenContract, contract } from './contract.ts';
import { addCertificate, endService, enrolWith, listOfficers, registerOfficer, renewEnrolment, revokeCertificate } from './officers.ts';
import { signOut, switchPost } from './officer-session.ts';
import { passkeysFor } from './passkeys.ts';
import { assignPost, endLeaveCover, endPost, grantLeaveCover, listLeaveCovers, listRoles } from './posts.ts';
import { me, signInActions } from './sign-in.ts';

export interface OfficerAccountsOptions {
  keys: NetworkKeys;
  /** Address under which officers reach the workstation; passkeys belong to it. */
  office_origin: string;
  /** The sign-in page of a demonstration is told the one-time code. */
  demo: boolean;
}

/** Operations of the police network. */
export function officerRoutes({ keys, office_origin, demo }: OfficerAccountsOptions): BoundOperation[] {
  const passkeys = passkeysFor(office_origin);
  const { getConfirmationOptions, getPasskeyRegistration, addPasskey, removePasskey } = passkeys;
  return bindRoutes('accounts', contract, {
    ...signInActions({ keys, passkeys, demo }), enrol: enrolWith(keys), signOut, me, switchPost,
    getConfirmationOptions, getPasskeyRegistration, addPasskey, removePasskey,
    listRoles, listOfficers, registerOfficer, renewEnrolment, endService, addCertificate, revokeCertificate,
    assignPost, endPost, grantLeaveCover, listLeaveCovers, endLeaveCover, listAudit,
  });
}

/** Operations of the internet. */
export function citizenRoutes(options: CitizenSignInOptions): BoundOperation[] {
  return bindRoutes('accounts', citizenContract, citizenSignIn(options));
}
