/** Requests about labs, answered by the labs that were taken in. */
import type { LabCalls } from '../shared/labs.js';
import { Labs } from './labs.js';

let labs: Labs | null = null;

function demand(): Labs {
  if (labs === null) throw new Error('no labs');
  return labs;
}

export const LAB_CALLS: {
  readonly [Name in keyof LabCalls]: (takes: LabCalls[Name]['takes']) => LabCalls[Name]['gives'];
} = {
  labs({ part, document, language }) {
    labs = new Labs(part);
    const fault = labs.begin(document);
    return { ...labs.list(language), fault };
  },
  labsList: ({ language }) => demand().list(language),
  lab: ({ which, language }) => demand().open(which, language),
  labAnswer: (takes) => demand().answer(takes),
  labHint: ({ language }) => demand().hint(language),
  labType: (takes) => demand().type(takes),
  labGrade: ({ language }) => demand().grade(language),
  labSolution: ({ language }) => demand().solution(language),
  labReset: ({ language }) => demand().reset(language),
  labWatch: (takes) => demand().watch(takes),
  labsImport: (takes) => demand().import(takes),
  labsRestore: (takes) => demand().restore(takes),
  labsMerge: (takes) => demand().merge(takes),
};
