import { Problem } from '@hili/contract';
import { expect } from 'vitest';

type Answer = Response | Promise<Response>;

/** What an answer of the API says, by its schema. @throws Error unless the status is 200 or 201. */
export async function ok<T>(shape: { parse(value: unknown): T }, answer: Answer): Promise<T> {
  const response = await answer;
  const body = await response.json();
  if (response.status > 201) throw new Error(`expected 200 but received ${response.status} ${JSON.stringify(body)}`);
  return shape.parse(body);
}

/** The problem details of an answer, whose type and status say the same. */
export async function problem(answer: Answer): Promise<Problem> {
  const response = await answer;
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const parsed = Problem.parse(await response.json());
  expect(parsed.status).toBe(response.status);
  return parsed;
}

/** The code of the problem that an answer tells. */
export const codeOf = async (answer: Answer) => Problem.parse(await (await answer).json()).code;

export const statusOf = async (answer: Answer) => (await answer).status;
