/** Sends a form with files and tells how much of it has left: `fetch` cannot. */
export function uploadForm(path: string, init: RequestInit, onProgress: (share: number) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(init.method ?? 'POST', path);
    for (const [name, value] of new Headers(init.headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ lengthComputable, loaded, total }) => {
      if (lengthComputable && total > 0) onProgress(loaded / total);
    });
    request.addEventListener('load', () => resolve(new Response(request.response as string, { status: request.status, headers: { 'content-type': request.getResponseHeader('content-type') ?? '' } })));
    request.addEventListener('error', () => reject(new TypeError('the line was cut')));
    request.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
    init.signal?.addEventListener('abort', () => request.abort());
    request.send(init.body as FormData);
  });
}
