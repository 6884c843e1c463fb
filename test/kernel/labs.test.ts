/** The walks that the exercises rest on, as the kernel does them. */
import { describe } from 'vitest';
import { byNode } from '../labs/all-walks.js';
import { askOfWalks } from './adapter/walks.js';

describe.each([...byNode])('%s', askOfWalks);
