/** The English catalogue: every room's words under one roof. Ids are unique across the files; a test sees to it. */
import { advice } from './advice.js';
import { adviceOpen } from './advice-open.js';
import { bundles } from './bundles.js';
import { capacity } from './capacity.js';
import { check } from './check.js';
import { changes } from './changes.js';
import { cli } from './cli.js';
import { conntrack } from './conntrack.js';
import { diff } from './diff.js';
import { doctor } from './doctor.js';
import { engine } from './engine.js';
import { forms } from './forms.js';
import { labs } from './labs.js';
import { lint } from './lint.js';
import { lintVpc } from './lint-vpc.js';
import { listing } from './listing.js';
import { matchBytes } from './match-bytes.js';
import { matchCore } from './match-core.js';
import { matchHeader } from './match-header.js';
import { matchMore } from './match-more.js';
import { names } from './names.js';
import { nft } from './nft.js';
import { page } from './page.js';
import { pageAdd } from './page-add.js';
import { pageLabs } from './page-labs.js';
import { path } from './path.js';
import { progress } from './progress.js';
import { reading } from './reading.js';
import { routing } from './routing.js';
import { rules } from './rules.js';
import { target } from './target.js';
import { ui } from './ui.js';
import { views } from './views.js';
import { walk } from './walk.js';
import { why } from './why.js';

type English = typeof advice &
  typeof adviceOpen &
  typeof bundles &
  typeof capacity &
  typeof check &
  typeof changes &
  typeof cli &
  typeof conntrack &
  typeof diff &
  typeof doctor &
  typeof engine &
  typeof forms &
  typeof labs &
  typeof lint &
  typeof lintVpc &
  typeof listing &
  typeof matchBytes &
  typeof matchCore &
  typeof matchHeader &
  typeof matchMore &
  typeof names &
  typeof nft &
  typeof page &
  typeof pageAdd &
  typeof pageLabs &
  typeof path &
  typeof progress &
  typeof reading &
  typeof routing &
  typeof rules &
  typeof target &
  typeof ui &
  typeof views &
  typeof walk &
  typeof why;

export const en: English = {
  ...advice,
  ...adviceOpen,
  ...bundles,
  ...capacity,
  ...check,
  ...changes,
  ...cli,
  ...conntrack,
  ...diff,
  ...doctor,
  ...engine,
  ...forms,
  ...labs,
  ...lint,
  ...lintVpc,
  ...listing,
  ...matchBytes,
  ...matchCore,
  ...matchHeader,
  ...matchMore,
  ...names,
  ...nft,
  ...page,
  ...pageAdd,
  ...pageLabs,
  ...path,
  ...progress,
  ...reading,
  ...routing,
  ...rules,
  ...target,
  ...ui,
  ...views,
  ...walk,
  ...why,
};
