/** Entry point of the worker threads: builds the survey once per thread, then answers slices. */
import { workerData } from 'piscina';
import type { SurveyTask } from '../src/census/piscina-surveyor.ts';
import { createSurvey } from '../src/census/stack.ts';
import type { ThreadConfig } from '../src/census/survey-config.ts';

const { survey: config, evidence } = workerData as ThreadConfig;
const survey = createSurvey(config, evidence);
const never = new AbortController().signal;

/** A slice is abandoned by ending its thread; inside, nothing stops it. */
export default function answer(task: SurveyTask): Promise<unknown> {
  return task.what === 'domains' ? survey.domains(task.domains, never) : survey.hosts(task.names, never);
}
