/** The walks of an EKS node, as the kernel does them. */
import { describe } from 'vitest';
import { byFixture } from '../walks/all.js';
import { askOfWalks } from './adapter/walks.js';

describe.each([...byFixture])('%s', askOfWalks);
