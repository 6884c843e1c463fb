/** Hands files to the reader. */

/** Offers bytes as a file to keep. */
export function save(name: string, type: string, bytes: BlobPart): void {
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Properties of the drawing's parts that its file needs, for it has no style sheet. */
const DRAWN = [
  ...['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'opacity'],
  ...['font-family', 'font-size', 'font-weight', 'letter-spacing', 'text-anchor', 'text-decoration-line'],
] as const;

/** The diagram as it stands, as a picture of its own. */
export function diagramSvg(): string | null {
  const shown = document.getElementById('diagram');
  if (!(shown instanceof SVGSVGElement)) return null;
  const copy = shown.cloneNode(true) as SVGSVGElement;
  const originals = [...shown.querySelectorAll<SVGElement>('*')];
  for (const [index, part] of [...copy.querySelectorAll<SVGElement>('*')].entries()) {
    const original = originals[index];
    if (original === undefined) continue;
    const style = getComputedStyle(original);
    for (const name of DRAWN) part.setAttribute(name, style.getPropertyValue(name));
    if (original.style.transform !== '') {
      const { e, f } = new DOMMatrix(style.transform);
      part.setAttribute('transform', `translate(${String(e)} ${String(f)})`);
    }
    part.removeAttribute('class');
    part.removeAttribute('style');
  }
  const { width, height } = shown.viewBox.baseVal;
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  ground.setAttribute('width', String(width));
  ground.setAttribute('height', String(height));
  const sheet = shown.closest('.sheet') ?? document.documentElement;
  ground.setAttribute('fill', getComputedStyle(sheet).backgroundColor);
  copy.prepend(ground);
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  for (const name of ['id', 'class', 'aria-hidden']) copy.removeAttribute(name);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
}

/** The same as pixels, two for each of the drawing. */
export async function diagramPng(svg: string): Promise<Blob | null> {
  const image = new Image();
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width * 2;
    canvas.height = image.height * 2;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  } finally {
    URL.revokeObjectURL(url);
  }
}
