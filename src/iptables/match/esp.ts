import { type MatchExtension, defineMatch } from '../extension.js';
import { printSpi, spiIs, spiSpan } from '../values/spi.js';

const match: MatchExtension = defineMatch({
  name: 'esp',
  kernel: 'net/netfilter/xt_esp.c esp_mt',
  protocols: [50],
  missing: 'a packet is described without its SPI: --espspi is an open question',
  options: {
    spi: { flag: '--espspi', value: spiSpan, invert: true },
  },
  evaluate: ({ spi }) => spiIs(spi),
  explain: ({ spi }) => ({ code: 'NO_SPI', option: 'spi', params: { wanted: printSpi('--espspi', spi) } }),
  print: ({ spi }) => printSpi('--espspi', spi),
});
export default match;
