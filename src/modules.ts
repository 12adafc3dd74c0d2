/**
 * The map: each module, what it may use, and the networks it may run on. `test/tidy.test.ts` holds
 * the code to it. Order is law: a module may use only modules above it.
 */
export interface ModuleOnTheMap {
  zh: string;
  owns: string;
  networks: readonly ('police' | 'internet')[];
  uses: readonly string[];
}

export const modules = {
  reference: { zh: '基础数据', owns: 'areas, organisations, code lists, working-day calendar, standard addresses', networks: ['police', 'internet'], uses: [] },
  catalogue: { zh: '事项目录', owns: 'service items as data: form, materials, route, limits, law; guides and drawings made from them', networks: ['police', 'internet'], uses: ['reference'] },
  accounts: { zh: '账户权限', owns: 'officers, posts, rights, sessions; citizens’ sign-in', networks: ['police', 'internet'], uses: ['reference'] },
  exchange: { zh: '内外网交换', owns: 'signed parcels between the networks, receipts, quarantine', networks: ['police', 'internet'], uses: ['reference'] },
  population: { zh: '人口登记', owns: 'persons, households, memberships, kin links, movements, every past version', networks: ['police'], uses: ['reference', 'accounts'] },
  documents: { zh: '文书签章', owns: 'papers that are given out: notices, certificates, booklets; their numbers, printing, voiding', networks: ['police'], uses: ['reference', 'catalogue', 'accounts', 'exchange', 'population'] },
  agencies: { zh: '部门核验', owns: 'what sources outside the register were asked and answered; opinions of other authorities', networks: ['police'], uses: ['reference'] },
  permits: { zh: '跨省迁移', owns: 'move-in permits and migration certificates between provinces, their messages and pairing', networks: ['police'], uses: ['reference', 'population'] },
  cards: { zh: '居民身份证', owns: 'identity cards: applications, production, hand-over, loss and found cards', networks: ['police'], uses: ['reference'] },
  cases: { zh: '办件审批', owns: 'service items, cases, steps, materials, clocks, messages to stations', networks: ['police'], uses: ['reference', 'catalogue', 'accounts', 'exchange', 'population', 'documents', 'agencies', 'permits', 'cards'] },
  counter: { zh: '窗口辅助', owns: 'what is looked up and checked while an officer types at the counter', networks: ['police'], uses: ['reference', 'catalogue', 'population', 'cases'] },
  field: { zh: '社区走访', owns: 'rounds of community officers with a phone: their area door by door, minor items of people', networks: ['police'], uses: ['reference', 'population', 'cases'] },
  portal: { zh: '群众门户', owns: 'guides, drafts, applications, tracking, notices to citizens', networks: ['internet'], uses: ['reference', 'catalogue', 'accounts', 'exchange'] },
} as const satisfies Record<string, ModuleOnTheMap>;

export type ModuleName = keyof typeof modules;
