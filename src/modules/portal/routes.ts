import { bindRoutes } from '../../kernel/http.ts';
import { confirmDelete, createDraft, deleteDraft, getSection, getTaskList, keepSection, saveSection, startApplication, suggestAddresses, suggestAreas } from './apply.ts';
import { contract } from './contract.ts';
import { getCorrection, saveCorrection } from './correction.ts';
import { findService, getGuide, getLifeEvent, listGuides, setPreferences, showHelp, showHome, showOfflineWays } from './home.ts';
import { getMaterial, saveMaterial } from './materials.ts';
import { askRecord, getAccessLog, getRecord, hasAnswer } from './record.ts';
import { getCheck, submitApplication } from './submit.ts';
import { confirmWithdraw, getCase, getConfirmation, getNotice, listApplications, withdrawApplication } from './tracking.ts';
import { getUpload } from './uploads.ts';
import { verifyPaper } from './verify.ts';

export const routes = bindRoutes('portal', contract, {
  showHome, listGuides, getGuide, getLifeEvent, findService, showHelp, showOfflineWays, verifyPaper, setPreferences,
  startApplication, createDraft, listApplications, getDraft: getTaskList, confirmDelete, deleteDraft, getSection, saveSection, keepSection, suggestAddresses, suggestAreas,
  getMaterial, saveMaterial, getUpload, getCheck, submitApplication,
  getConfirmation, getCase, getCorrection, saveCorrection, confirmWithdraw, withdrawApplication, getNotice,
  getRecord, getAccessLog, askRecord, hasAnswer,
});
