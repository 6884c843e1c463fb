/** Words of labs: faults of their files, of answers and of progress, and what a student reads. */
import type { Catalogue } from '../catalogue.js';

const WHOLE = 'a lab that is half written would teach something wrong';

export const labs = {
  // Faults of a lab's file
  LAB_EMPTY: { text: 'the lab is empty', why: WHOLE, do: 'labs/FORMAT.md says how a lab is written' },
  LAB_FOLDER: {
    text: '"{folder}" is not the name of a lab\'s folder',
    why: 'the folder tells the number and the name of the lab',
    do: 'name it NN-words-with-dashes: 06-pod-to-internet',
  },
  LAB_VERSION: {
    text: 'the lab is of format {text}; this natwalk reads format {known}',
    why: 'what a newer format means is not known here',
    do: 'use a newer natwalk, or write lab: {known}',
  },
  LAB_MISSING: { text: '{of}: the key "{key}" is missing', why: WHOLE, do: 'add {key}:' },
  LAB_LANGUAGE: {
    text: '{key}: the text in the language "{language}" is missing',
    why: 'every text is there in both languages',
    do: 'add {language}:',
  },
  LAB_COUNT: {
    text: '{key}: {count} of them, where {least} to {most} are wanted',
    why: WHOLE,
    do: 'labs/FORMAT.md says what belongs there',
  },
  LAB_ID: {
    text: '{key}: "{text}" cannot be typed as a name',
    why: 'it is typed on the command line',
    do: 'use up to 40 letters, digits, dots and dashes',
  },
  LAB_TWICE: {
    text: '{key}: "{name}" is there twice',
    why: 'answers to the two could not be told apart',
    do: 'rename one of them',
  },
  LAB_LISTENS: {
    text: 'listens: "{text}" is not tcp/PORT or udp/PORT',
    why: 'who listens decides what a connection comes to',
    do: 'write tcp/80',
  },
  LAB_END: {
    text: '{key}: "{text}" is no end of a way',
    why: 'a way begins and ends at a pod, a node, outside, or an address',
    do: 'write pod:NAME, node:NAME, outside or IP[:PORT]',
  },
  LAB_NO_PACKET: {
    text: 'there is no packet "{name}" in this lab',
    why: 'questions and the task are about packets of packets:',
    do: 'the packets are: {names}',
  },
  LAB_NO_EXPECT: {
    text: 'packet "{name}" expects nothing',
    why: 'a task is graded by what its packets expect',
    do: 'give the packet an expect:',
  },
  LAB_NO_CLUSTER: {
    text: 'packet "{name}" goes across nodes, and the lab has no cluster',
    why: 'the network between the nodes is in a cluster file',
    do: 'add cluster: with the path of the file, in place of node:',
  },
  LAB_NOT_ACROSS: {
    text: 'packet "{name}" goes across nodes; a misconception is refuted on one',
    why: 'the reveal stops at a step of one walk',
    do: 'use a packet with packet:',
  },
  LAB_FORM: {
    text: 'a question has exactly one of: {forms}',
    why: 'they are answered in different ways',
    do: 'keep one of them',
  },
  LAB_RIGHT: {
    text: 'it is not told which choice is right',
    why: 'either every choice has an expect:, and the packet decides, or exactly one has right: true',
    do: 'give all choices an expect:, or one of them right: true and none an expect:',
  },
  LAB_NO_MISCONCEPTION: {
    text: 'there is no misconception "{name}"',
    why: 'a wrong choice that names one is answered by its packet',
    do: 'the misconceptions are: {names}',
  },
  LAB_UNBELIEVED: {
    text: 'no choice believes the misconception "{name}"',
    why: 'nobody would ever see it refuted',
    do: 'name it by believes: at a choice',
  },
  LAB_LONG: {
    text: 'the scene has {words} words, more than {most}',
    why: 'a student reads it before the first command',
    do: 'leave out what the commands show anyway',
  },
  LAB_PATH: {
    text: '"{path}" is not a path relative to the lab',
    why: 'labs are copied from place to place',
    do: 'write it relative to lab.yaml: ../nodes/NAME',
  },
  LAB_SOURCE: {
    text: '"{text}" is not an https address',
    why: 'sources are documents that a student can open',
    do: 'write https://...',
  },
  LAB_NODE_PATH: {
    text: 'node "{path}": {reason}',
    why: 'without its nodes the lab cannot be worked on',
    do: 'correct the path, which is relative to lab.yaml',
  },

  // What the robot finds
  LAB_V_LOOK: {
    text: 'the command "{command}" does not work: {reason}',
    why: 'students are told to type it',
    do: 'use a command that the emulated node knows, or leave it out',
  },
  LAB_V_RIGHT: {
    text: 'question "{id}": {count} choices hold ({ids}), where one should',
    why: 'the packet decides which choice is right',
    do: 'change the expectations so that one of them holds',
  },
  LAB_V_RULE: {
    text: 'packet "{packet}" does not meet {rule}',
    why: 'a rule that the packet does not meet decides nothing about it',
    do: 'name a rule on its way: natwalk trace shows them',
  },
  LAB_V_UNTOLD: {
    text: 'what becomes of the packet rests on {code}',
    why: 'no student can know what the node does not show',
    do: 'add what is missing to the node, or allow it by assume:',
  },
  LAB_V_CLAIMS: {
    text: 'misconception "{id}": what it claims holds',
    why: 'then it is no misconception',
    do: 'change claims: or the packet',
  },
  LAB_V_SHOWS: {
    text: 'misconception "{id}": what is to refute it does not hold',
    why: 'the packet would not refute anything',
    do: 'change shows: or the packet',
  },
  LAB_V_PACKET: {
    text: 'packet "{name}" cannot be walked: {code}',
    why: 'nothing can be said about it',
    do: 'correct the packet',
  },
  LAB_V_EXPECT: {
    text: 'packet "{name}" is not as expected at the start: {key} is {got}',
    why: 'the lab says something else than the kernel does',
    do: 'correct the expectation',
  },
  LAB_V_SOLVED: {
    text: 'all goals hold at the start',
    why: 'there is nothing to do',
    do: 'give the task a goal that does not hold yet',
  },
  LAB_V_UNSOLVED: {
    text: 'packet "{name}" is not as expected after the solution: {key} is {got}',
    why: 'the solution does not solve the task',
    do: 'correct the solution or the expectation',
  },
  LAB_V_BUDGET: {
    text: 'the solution changes something with {changes} commands; the budget is {budget}',
    why: 'the solution has to be within the budget, and to change something',
    do: 'change the solution or the budget',
  },
  LAB_V_COMMAND: {
    text: 'the command "{command}" fails: {reason}',
    why: 'a solution, or a wrong fix, is typed as a student would type it',
    do: 'correct the command',
  },
  LAB_V_WRONG: {
    text: 'packet "{name}" still holds after the wrong fix',
    why: 'then nothing refuses it',
    do: 'name the packets that it harms, or add one to collateral:',
  },
  LAB_V_SCORE: {
    text: 'a student who knows all gets {score} points, one who does nothing {idle}',
    why: 'the first should get 100, the second none',
    do: 'the other findings say why',
  },
  LAB_NO_NODE: 'there is no node {name}',
  LAB_NO_END: 'the cluster does not know {from} or {to}',
  LAB_NOT_THERE: 'the packet does not come to {name}',

  // The command line
  USAGE_LAB_VERB: {
    text: '"{text}" is nothing that natwalk lab does',
    why: 'the verbs are: {choices}',
    do: 'natwalk lab list shows the labs',
  },
  USAGE_LAB_NAME: {
    text: 'there is no lab "{text}"',
    why: 'a lab is named by its number or its name: {names}',
    do: 'natwalk lab list',
  },
  USAGE_LAB_NONE: {
    text: 'no lab was begun',
    why: 'the verb is about the lab that was begun last',
    do: 'natwalk lab start 6, or name one with --lab',
  },
  USAGE_LAB_WORDS: {
    text: 'natwalk lab {verb}: {form}',
    why: 'something is missing, or there is more than the verb takes',
    do: 'natwalk lab --help shows how',
  },
  USAGE_LAB_QUESTION: {
    text: 'there is no question "{text}" in this lab',
    why: 'the questions of this run are: {names}',
    do: 'natwalk lab start {lab} shows the one that comes next',
  },
  LAB_ANSWER_CHOICE: 'That is no answer to {id}. Choices: {choices}. It was not counted.',
  LAB_ANSWER_QUESTION: 'There is no question "{text}" in this run. Questions: {names}. It was not counted.',
  LAB_ANSWER_RULE:
    'That is no rule. Write TABLE/CHAIN:NUMBER, TABLE/CHAIN or rule/PRIORITY. It was not counted.',
  LAB_ANSWER_WORD: 'That is no answer to {id}. It was not counted.',
  LAB_UNREADABLE: {
    text: 'there are no labs in {path}: {reason}',
    why: 'labs are folders NN-name with a lab.yaml',
    do: 'name the folder of the labs with --labs',
  },
  LAB_FAULTY: {
    text: 'the lab {path} has faults, which are told above',
    why: WHOLE,
    do: 'correct them; natwalk lab check tells all',
  },
  LAB_NO_HOME: {
    text: 'there is no place for the progress file',
    why: 'neither XDG_STATE_HOME nor HOME is set',
    do: 'name a file with --progress',
  },
  LAB_PROGRESS_IO: {
    text: 'the progress file {path} cannot be used: {reason}',
    why: 'nothing was changed',
    do: 'name another with --progress',
  },
  LAB_PROGRESS_NEWER: {
    text: 'the progress file {path} is of version {version}, newer than this natwalk (version {known})',
    why: 'what a newer natwalk wrote there would be lost; the file was not touched',
    do: 'use the newer natwalk, or name another file with --progress',
  },
  LAB_PROGRESS_LOCKED: {
    text: 'another session (process {pid} on {host}) is using the progress file {path}',
    why: 'two at once would overwrite each other; nothing was changed',
    do: 'end the other session, or name another file with --progress. If there is none, remove {lock}',
  },
  LAB_PROGRESS_DAMAGED:
    'The progress file {path} is damaged (at {place}). It was kept as {kept}, and a new one begins.',
  LAB_PROGRESS_STALE:
    'A session that ended without a word (process {pid}) had left its lock; it was taken over.',
  LAB_BUNDLE_WHO: {
    text: 'natwalk lab bundle needs either --teacher or --student',
    why: 'the copy for students has no solutions, and its answers are sealed',
    do: 'natwalk lab bundle --student DIR',
  },
  LAB_BUNDLE_THERE: {
    text: '{path} is there already',
    why: 'a bundle is written into a folder of its own',
    do: 'name a folder that does not exist yet',
  },
  LAB_BUNDLED: 'Wrote {count} labs to {path}.',
  LAB_CHECKED: '{count} labs checked: no faults.',

  // What a student reads
  LAB_HEADING: 'Lab {number}: {title}',
  LAB_LOOK: 'Worth typing:',
  LAB_NO_TASK: 'This lab has no task; its questions are all there is.',
  LAB_TASK_FIX: 'TASK: fix it',
  LAB_TASK_BUILD: 'TASK: build it',
  LAB_TASK_DONE: 'The task is done: all its packets do what is wanted.',
  LAB_GOALS: 'These packets must come to do what is wanted:',
  LAB_COLLATERAL: 'These must stay as they are:',
  LAB_BUDGET_IS: 'Commands that change something: {budget} at most.',
  LAB_DONE: 'Everything is answered and done. "grade" tells what it is worth.',
  LAB_HOW_CHOICE: 'answer {id} CHOICE',
  LAB_HOW_RULE: 'answer {id} TABLE/CHAIN:NUMBER, or rule/PRIORITY for a policy rule',
  LAB_HOW_WORD: 'answer {id} WORD',
  LAB_RIGHT_ANSWER: 'RIGHT (try {tries})',
  LAB_WRONG_ANSWER: 'NOT SO (try {tries})',
  LAB_TRY_AGAIN: 'Look at the node, and try again.',
  LAB_BELIEF: 'The belief behind it: {text}',
  LAB_SOURCES: 'More:',
  LAB_FAILURE: '{key}: wanted {expected}, is {got}',
  LAB_FAILURE_SAID: '{key}: {text}',
  LAB_STATE_OPEN: 'open',
  LAB_STATE_WRONG: 'not right yet',
  LAB_STATE_RIGHT: 'right',
  LAB_PART_PREDICT: 'prediction',
  LAB_PART_CAUSE: 'cause',
  LAB_PART_TASK: 'task',
  LAB_PART_TRANSFER: 'transfer',
  LAB_PART_HINTS: 'hints ({hints})',
  LAB_HOLDS: 'HOLDS',
  LAB_GOAL_OPEN: 'NOT YET',
  LAB_HARMED: 'HARMED',
  LAB_OPENS_TOO_MUCH:
    'The goal is reached, but the fix is refused: it changes what becomes of packets that it should leave alone.',
  LAB_OVER_BUDGET:
    'The fix is refused: {made} commands changed something, and {budget} may. Undo them all, and none counts; "reset" begins the lab anew.',
  LAB_UNTOLD:
    'What becomes of a packet here rests on an assumption. That is the fault of the lab, not yours.',
  LAB_PASSED: 'PASSED: {score} of 100 points ({mark} pass)',
  LAB_NOT_PASSED: 'NOT PASSED YET: {score} of 100 points ({mark} pass)',
  LAB_BEGUN: 'begun',
  LAB_BEST: 'best {score}',
  LAB_CURRENT: 'in work',
  LAB_MINUTES: '{minutes} min',
  LAB_HINT: 'Hint {number} of {count}: {text}',
  LAB_NO_HINT: 'There are no more hints.',
  LAB_RESET: 'Lab {number} begins anew, with its nodes as they were. Best score so far: {best}.',
  LAB_SOLUTION: 'A solution (it was not typed, and all hints count as used):',
  LAB_NO_SOLUTION: 'This copy of the lab has no solution.',
  LAB_WELCOME: 'Type commands as on the node. "help" lists them; "exit" ends, and everything is kept.',
  LAB_BYE: 'Everything is kept in {path}.',
  LAB_HELP_LAB:
    'The lab: scene, question, answer ID CHOICE (or only the number of a choice), hint, task, grade, reset, exit',
  LAB_HELP_NODE: 'The node: {commands}',
  LAB_HELP_MADE_UP:
    'Made up, the same each time: process and namespace numbers of lsns, ids of docker ps, ages, times of answers.',

  // The emulated shell
  LAB_SH_COMMAND: 'natwalk: the emulated node does not know "{command}". It knows: {known}',
  LAB_SH_NOT_FOUND:
    '-bash: {command}: command not found\nnatwalk: the emulated node has few commands; "help" lists them.',
  LAB_SH_NEAR: '-bash: {command}: command not found\nnatwalk: did you mean "{near}"?',
  LAB_SH_OPTION: 'natwalk: the emulated {command} does not know "{option}". It knows: {known}',
  LAB_SH_SIGN:
    'natwalk: the emulated shell cannot read "{sign}" here. It knows pipes, ; && ||, > /proc/sys/..., quotes, $NAME and for loops.',
  LAB_SH_FORM: 'natwalk: the emulated {command} cannot do that: {form}',
  LAB_SH_UNSURE: 'natwalk: what becomes of the packet cannot be told from this node: {codes}',
  LAB_SH_NO_PACKETS: 'natwalk: no packets yet. tcpdump shows what the last ping, curl, nc or dig has sent.',
  LAB_SH_NOT_SHOWN: 'natwalk: the dumps of this node do not show this, or not all of it: {what}',
  LAB_SH_NO_LOG:
    'natwalk: the captures of this node keep no logs. What ipamd knows is in ip addr, ip rule, ip route show table all and kubectl get pod -o wide.',
  LAB_SH_NFT: 'natwalk: the listing is as it was before your changes.',
  LAB_SH_JOURNAL: 'natwalk: more than {most} lines were typed in this lab; "reset" begins anew.',
} as const satisfies Catalogue;
