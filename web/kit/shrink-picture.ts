/** Makes a large photograph smaller before it travels; what is small enough stays as it is. */
const smallEnoughBytes = 1_500_000;

/**
 * @param side_max longest side in pixels of what is made smaller
 * @throws Error when the browser cannot open the picture
 */
export async function shrinkPicture(file: File, { side_max }: { side_max: number }): Promise<File> {
  if (file.size <= smallEnoughBytes || !/^image\/(jpeg|png)$/.test(file.type)) return file;
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, side_max / Math.max(picture.width, picture.height));
  const canvas = Object.assign(document.createElement('canvas'), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.86));
  return small === null || small.size >= file.size ? file : new File([small], file.name.replace(/\.\w+$/, '.jpg'), { type: 'image/jpeg' });
}
