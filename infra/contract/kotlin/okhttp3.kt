// The part of OkHttp's interface that the generated client uses: its jar comes from a registry that is not asked here.
// It compiles the client's API classes; what is run is the decoding of models.
@file:Suppress("UNUSED_PARAMETER", "unused")

package okhttp3

import java.io.Closeable
import java.io.File
import java.io.IOException
import java.io.InputStream

private fun absent(): Nothing = throw IOException("only the interface of OkHttp is here")

class MediaType {
    companion object {
        fun String.toMediaTypeOrNull(): MediaType? = MediaType()
    }
}

abstract class RequestBody {
    companion object {
        fun ByteArray.toRequestBody(contentType: MediaType? = null, offset: Int = 0, byteCount: Int = size): RequestBody = absent()
        fun String.toRequestBody(contentType: MediaType? = null): RequestBody = absent()
        fun File.asRequestBody(contentType: MediaType? = null): RequestBody = absent()
    }
}

class FormBody : RequestBody() {
    class Builder {
        fun add(name: String, value: String): Builder = this
        fun build(): FormBody = FormBody()
    }
}

class MultipartBody : RequestBody() {
    class Builder {
        fun setType(type: MediaType): Builder = this
        fun addPart(headers: Headers?, body: RequestBody): Builder = this
        fun build(): MultipartBody = MultipartBody()
    }

    companion object {
        @JvmField val FORM: MediaType = MediaType()
    }
}

class Headers {
    fun toMultimap(): Map<String, List<String>> = mapOf()
    operator fun get(name: String): String? = null

    class Builder {
        fun add(name: String, value: String): Builder = this
        fun build(): Headers = Headers()
    }

    companion object {
        fun Map<String, String>.toHeaders(): Headers = Headers()
    }
}

class HttpUrl {
    val encodedPathSegments: List<String> = listOf()
    fun newBuilder(): Builder = Builder()

    class Builder {
        fun scheme(scheme: String): Builder = this
        fun host(host: String): Builder = this
        fun addPathSegment(pathSegment: String): Builder = this
        fun addEncodedPathSegments(encodedPathSegments: String): Builder = this
        fun addQueryParameter(name: String, value: String?): Builder = this
        fun build(): HttpUrl = HttpUrl()
    }

    companion object {
        fun String.toHttpUrlOrNull(): HttpUrl? = HttpUrl()
    }
}

class Request {
    class Builder {
        fun url(url: HttpUrl): Builder = this
        fun head(): Builder = this
        fun delete(body: RequestBody?): Builder = this
        fun patch(body: RequestBody): Builder = this
        fun put(body: RequestBody): Builder = this
        fun post(body: RequestBody): Builder = this
        fun method(method: String, body: RequestBody?): Builder = this
        fun headers(headers: Headers): Builder = this
        fun build(): Request = Request()
    }
}

abstract class ResponseBody : Closeable {
    fun string(): String = absent()
    fun bytes(): ByteArray = absent()
    fun byteStream(): InputStream = absent()
    fun contentLength(): Long = absent()
    override fun close() = Unit
}

abstract class Response : Closeable {
    val code: Int get() = absent()
    val message: String get() = absent()
    val headers: Headers get() = absent()
    val body: ResponseBody? get() = absent()
    val isSuccessful: Boolean get() = absent()
    fun header(name: String, defaultValue: String? = null): String? = absent()
    override fun close() = Unit
}

interface Callback {
    fun onFailure(call: Call, e: IOException)
    fun onResponse(call: Call, response: Response)
}

interface Call {
    fun execute(): Response
    fun enqueue(responseCallback: Callback)

    fun interface Factory {
        fun newCall(request: Request): Call
    }
}

open class OkHttpClient : Call.Factory {
    override fun newCall(request: Request): Call = absent()

    class Builder {
        fun build(): OkHttpClient = OkHttpClient()
    }
}
